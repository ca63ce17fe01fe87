using RnnLab.Cells;
using RnnLab.Recurrence.Passes;

namespace RnnLab.Recurrence;

/// <summary>One layer of <see cref="StackSteps"/>: its state, the masks and views of the pass, and, with a record, its steps. Arguments are checked by the stack.</summary>
internal sealed class LayerSteps : IDisposable
{
    private readonly RecurrentLayer _layer;
    private readonly DroppedWeight? _dropped;
    private readonly SequenceMasks _masks;
    private readonly ReferenceStep _step;
    private readonly StepViews _views;
    private readonly ReferenceSegment? _record;
    private readonly List<Tensor> _inputs = [];
    private int _taken;
    private StepGradients? _back;
    private CellState? _ds;

    /// <param name="layer">The layer.</param>
    /// <param name="dropped">Its weights under weight drop, or null; this object's own.</param>
    /// <param name="masks">Those of its steps; this object's own.</param>
    /// <param name="s0">s_0.</param>
    /// <param name="record">Whether there is to be a backward.</param>
    public LayerSteps(RecurrentLayer layer, DroppedWeight? dropped, SequenceMasks masks, CellState s0, bool record)
    {
        (_layer, _dropped, _masks, State) = (layer, dropped, masks, s0.Share());
        _step = new(layer.Cell, dropped?.Parameters ?? layer.Parameters);
        _views = new(_step);
        _record = record ? new(0) : null;
    }

    /// <summary>The state after the latest step.</summary>
    public CellState State { get; private set; }

    /// <summary>h_t of the next step, of input x (B, I): this object's own, until the step after.</summary>
    public Tensor Step(Tensor x)
    {
        var masks = _masks.AreNone ? StepMasks.None : _masks.Of(_taken, _taken + 1)[0];
        var record = _record is null ? null : new StepRecord(State, masks);
        var after = _step.Forward(_step.Project(x, _views.InputWeight), State, _views.Product, masks, record);
        if (record is not null)
        {
            _record!.Add(record);
            _inputs.Add(x.alias().DetachFromDisposeScope());
        }
        State.Dispose();
        State = after.Map(own => own.DetachFromDisposeScope());
        _taken++;
        return State.H;
    }

    /// <summary>∂L/∂x_t of the latest step left, from ∂L/∂h_t beside what comes through the next step, and from what else reaches s_t.</summary>
    public Tensor StepBackward(Tensor dh, CellState? dState)
    {
        _back ??= new(_step, _views.Product, _record!.Steps);
        var g = _back.Back(Reaching(dh, dState));
        var ds = g.DsBefore.Share();
        _ds?.Dispose();
        _ds = ds;
        return _step.InputGradient(g.Da);
    }

    /// <summary>Adds the gradients of all parameters and gives ∂L/∂s_0, in the caller's dispose scope.</summary>
    public CellState Finish()
    {
        _back!.Accumulate(cat(_inputs.ToArray(), 0));
        _dropped?.AddGradient(_layer.Parameters.WeightHh);
        return _ds!.Map(own => own.clone());
    }

    public void Dispose()
    {
        State.Dispose();
        _ds?.Dispose();
        _back?.Dispose();
        _record?.Dispose();
        foreach (var input in _inputs)
            input.Dispose();
        _inputs.Clear();
        _views.Dispose();
        _masks.Dispose();
        _dropped?.Dispose();
    }

    /// <summary>All of ∂L/∂s_t.</summary>
    private CellState Reaching(Tensor dh, CellState? dState)
    {
        var h = _ds is null ? dh : _ds.H + dh;
        if (dState is not null)
            h += dState.H;
        if (!_layer.Cell.HasCellState)
            return new(h);
        var c = _ds is null ? dState?.C : dState is null ? _ds.C : _ds.C! + dState.C!;
        return new(h, c ?? zeros([dh.shape[0], _layer.Cell.HiddenSize], dh.dtype, dh.device));
    }
}
