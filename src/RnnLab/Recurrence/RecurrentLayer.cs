using RnnLab.Cells;
using RnnLab.Layers;

namespace RnnLab.Recurrence;

/// <summary>
/// One layer of recurrence over any cell: it owns the projections' weights and the loop over time, forward and backward
/// (back-propagation through time, Werbos 1990), and knows no cell's equations.
/// <code>
/// forward,  t = 1 … T:   q_t = W_hh h_{t-1} + b_hh          s_t = φ(a_t, q_t, s_{t-1})          with a = W_ih x + b_ih, all t at once
/// backward, t = T … 1:   (∂a_t, ∂q_t, ∂s_{t-1}) = φ'(∂s_t)   ∂h_{t-1} += W_hhᵀ ∂q_t
/// after it:              ∂W_ih = Σ ∂a_t x_tᵀ    ∂W_hh = Σ ∂q_t h_{t-1}ᵀ    ∂b_ih = Σ ∂a_t    ∂b_hh = Σ ∂q_t    ∂x = W_ihᵀ ∂a
/// </code>
/// Parameters have PyTorch's names and shapes: weight_ih (G·H, I), weight_hh (G·H, H), bias_ih and bias_hh (G·H), weight_hr (P, H) for a
/// projecting cell, and the cell's own. Explicit passes run without autograd and add into <c>.grad</c>.
/// </summary>
public sealed class RecurrentLayer
{
    private readonly RecurrentParameters _p;
    private readonly IReadOnlyList<int> _products;

    /// <summary>A layer of <paramref name="cell"/> over <paramref name="parameters"/>.</summary>
    /// <exception cref="ArgumentException">A parameter has not the shape that the cell asks for.</exception>
    public RecurrentLayer(Cell cell, RecurrentParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.RequireShapes(cell);
        (Cell, _p, _products) = (cell, parameters, cell.Products);
    }

    /// <summary>The cell.</summary>
    public Cell Cell { get; }

    /// <summary>The weights.</summary>
    public RecurrentParameters Parameters => _p;

    /// <summary>I, the size of x_t.</summary>
    public long InputSize => _p.WeightIh.shape[1];

    /// <summary>A state of zeros for a batch of B.</summary>
    public CellState ZeroState(long batch) => new(
        zeros([batch, Cell.OutputSize], _p.WeightIh.dtype, _p.WeightIh.device),
        Cell.HasCellState ? zeros([batch, Cell.HiddenSize], _p.WeightIh.dtype, _p.WeightIh.device) : null);

    /// <summary>All steps of a sequence whose inputs are known.</summary>
    /// <param name="x">Inputs, (T, B, I).</param>
    /// <param name="s0">s_0.</param>
    /// <param name="tape">An empty tape to record on, or null to record nothing.</param>
    /// <returns>h_1 … h_T as (T, B, H), and s_T.</returns>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit, or the tape is not empty.</exception>
    public (Tensor Output, CellState State) Forward(Tensor x, CellState s0, Tape? tape = null)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        RequireInput(x, 3, "(T, B, I)");
        RequireState(s0, x.shape[1]);
        if (tape is { Length: > 0 })
            throw new ArgumentException("a sequence needs an empty tape", nameof(tape));
        tape?.RequireUnspent();
        tape?.AddInput(x);

        var (T, B) = (x.shape[0], x.shape[1]);
        var W_hh = Product();
        var a = Project(x.reshape(T * B, InputSize)).view(T, B, -1);
        var h = new Tensor[T];
        var s = s0;
        for (var t = 0; t < T; t++)
        {
            s = StepForward(a.select(0, t), s, W_hh, tape);
            h[t] = s.H;
        }
        return (stack(h).MoveToOuterDisposeScope(), s.Map(own => own.clone().MoveToOuterDisposeScope()));
    }

    /// <summary>The adjoint of <see cref="Forward"/>: adds the gradients of all parameters, and uses the tape up.</summary>
    /// <param name="tape">The forward call's tape.</param>
    /// <param name="dOutput">∂L/∂output, (T, B, H).</param>
    /// <param name="dsT">∂L/∂s_T beside what reaches it through the output, or null for none.</param>
    /// <returns>∂L/∂x (T, B, I) and ∂L/∂s_0.</returns>
    /// <exception cref="InvalidOperationException">The tape is used up.</exception>
    /// <exception cref="ArgumentException">A shape does not fit the tape's.</exception>
    public (Tensor Dx, CellState Ds0) Backward(Tape tape, Tensor dOutput, CellState? dsT = null)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(dOutput);
        tape.RequireRecorded();
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var (T, B) = (tape.Length, tape.Batch);
        if (!dOutput.shape.SequenceEqual([T, B, Cell.OutputSize]))
            throw new ArgumentException($"dOutput is {Shape(dOutput)}, the tape's forward gave ({T}, {B}, {Cell.OutputSize})", nameof(dOutput));

        var W_hh = Product();
        var ds = dsT ?? ZeroState(B);
        RequireState(ds, B);
        var steps = new StepGradient[T];
        for (var t = T - 1; t >= 0; t--)
        {
            ds = ds.AddH(dOutput.select(0, t));
            steps[t] = StepBackward(ds, tape.Steps[t], W_hh);
            ds = steps[t].DsBefore;
        }
        var da = AccumulateParameters(tape, steps, W_hh);
        var dx = da.mm(_p.WeightIh).view(T, B, InputSize);
        tape.Dispose();
        return (dx.MoveToOuterDisposeScope(), ds.Map(own => own.clone().MoveToOuterDisposeScope()));
    }

    /// <summary>One step.</summary>
    /// <param name="x">x_t, (B, I).</param>
    /// <param name="s">s_{t-1}.</param>
    /// <param name="tape">The tape to append to, or null.</param>
    /// <returns>s_t.</returns>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit.</exception>
    public CellState Step(Tensor x, CellState s, Tape? tape = null)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        RequireInput(x, 2, "(B, I)");
        RequireState(s, x.shape[0]);
        tape?.RequireUnspent();
        tape?.AddInput(x);
        var W_hh = Product();
        return StepForward(Project(x), s, W_hh, tape).Map(own => own.clone().MoveToOuterDisposeScope());
    }

    /// <summary>Starts the adjoint of a tape that single steps recorded, from the last step to the first.</summary>
    public StepwiseBackward BeginBackward(Tape tape) => new(this, tape);

    internal RecurrentProduct Product() => RecurrentProduct.Of(Cell, _p.WeightHh, _p.BiasHh);

    /// <summary>a = W_ih x + b_ih for rows (N, I).</summary>
    internal Tensor Project(Tensor rows)
    {
        var wt = _p.WeightIh.t();
        return _p.BiasIh is { } b ? b.addmm(rows, wt) : rows.mm(wt);
    }

    /// <summary>s_t from a_t and s_{t-1}: the products and functions of one step in turn. Differentiable by autograd when nothing is recorded.</summary>
    internal CellState StepForward(Tensor a, CellState s, RecurrentProduct W_hh, Tape? tape)
    {
        using var scope = NewDisposeScope();
        var record = tape is null ? null : new StepRecord(s);
        IList<Tensor> saved = record is null ? new List<Tensor>() : record.Saved;
        var (own, last) = (_p.Own, _products.Count - 1);
        var (u, column) = (s.H, 0L);
        CellState? after = null;
        for (var k = 0; k <= last; k++)
        {
            var width = _products[k] * Cell.HiddenSize;
            var a_k = last == 0 ? a : a.narrow(1, column, width);
            var q_k = W_hh.Forward(k, u);
            column += width;
            if (k == last)
            {
                after = Cell.Phi(a_k, q_k, s, own, saved);
            }
            else
            {
                u = Cell.Operand(k, a_k, q_k, s, own, saved);
                record?.Operands.Add(u);
            }
        }
        var state = _p.WeightHr is { } w_hr ? after! with { H = after.H.mm(w_hr.t()) } : after!;
        record?.Close(after!, state);
        if (record is not null)
            tape!.AddStep(record);
        return state.Map(own => own.MoveToOuterDisposeScope());
    }

    /// <summary>∂s_{t-1} and the gradients of the projections of one step, from ∂s_t.</summary>
    internal StepGradient StepBackward(CellState ds, StepRecord step, RecurrentProduct W_hh)
    {
        using var scope = NewDisposeScope();
        var last = _products.Count - 1;
        var (da, dq) = (new Tensor[last + 1], new Tensor[last + 1]);
        var dm = _p.WeightHr is { } w_hr ? ds with { H = ds.H.mm(w_hr) } : ds;

        var g = Cell.PhiAdjoint(dm, step.Before, step.After, _p.Own, step.Saved);
        var (dh, dc, dOwn) = (g.Dh, g.Dc, g.DOwn);
        (da[last], dq[last]) = (g.Da, g.Dq);
        for (var k = last - 1; k >= 0; k--)
        {
            var du = W_hh.Backward(k + 1, dq[k + 1], null);
            g = Cell.OperandAdjoint(k, du, g, step.Before, _p.Own, step.Saved);
            (da[k], dq[k]) = (g.Da, g.Dq);
            dh = Sum(dh, g.Dh);
            dc = Sum(dc, g.Dc);
            dOwn = g.DOwn.Count == 0 ? dOwn : dOwn.Count == 0 ? g.DOwn : [.. dOwn.Zip(g.DOwn, (x, y) => x + y)];
        }
        var before = new CellState(W_hh.Backward(0, dq[0], dh), dc);

        var whole = last == 0 ? da[0] : cat(da, 1);
        var result = new StepGradient(whole, dq, dOwn, before, _p.WeightHr is null ? null : ds.H.alias());
        result.MoveToOuterDisposeScope();
        return result;
    }

    /// <summary>One product per parameter over the rows of all steps; returns ∂a (T·B, G·H).</summary>
    internal Tensor AccumulateParameters(Tape tape, IReadOnlyList<StepGradient> steps, RecurrentProduct W_hh)
    {
        var da = Rows(steps.Select(s => s.Da));
        Gradients.AddProduct(Gradients.Of(_p.WeightIh), da, tape.InputRows());
        if (_p.BiasIh is not null)
            Gradients.AddRowSum(Gradients.Of(_p.BiasIh), da);
        for (var k = 0; k < _products.Count; k++)
        {
            var shared = _products.Count == 1 && ReferenceEquals(steps[0].Da, steps[0].Dq[0]);
            var dq = shared ? da : Rows(steps.Select(s => s.Dq[k]));
            W_hh.Accumulate(k, dq, Rows(tape.Steps.Select(s => s.Operand(k))));
        }
        for (var j = 0; j < _p.Own.Count; j++)
            Gradients.Of(_p.Own[j]).add_(stack(steps.Select(s => s.DOwn[j])).sum(0L));
        if (_p.WeightHr is not null)
            Gradients.AddProduct(Gradients.Of(_p.WeightHr), Rows(steps.Select(s => s.Dh!)), Rows(tape.Steps.Select(s => s.After.H)));
        return da;
    }

    private static Tensor Rows(IEnumerable<Tensor> steps) => cat(steps.ToArray(), 0);

    private static Tensor? Sum(Tensor? x, Tensor? y) => x is null ? y : y is null ? x : x + y;

    internal static string Shape(Tensor x) => $"({string.Join(", ", x.shape)})";

    private void RequireInput(Tensor x, int rank, string form)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.shape.Length != rank || x.shape[^1] != InputSize || x.shape.Contains(0))
            throw new ArgumentException($"input is {Shape(x)}, expected {form} with I = {InputSize} and no dimension of 0", nameof(x));
        if (x.dtype != _p.WeightIh.dtype)
            throw new ArgumentException($"input is {x.dtype}, the layer's weights are {_p.WeightIh.dtype}", nameof(x));
        if (x.device.type != _p.WeightIh.device.type)
            throw new ArgumentException($"input is on {x.device}, the layer's weights are on {_p.WeightIh.device}", nameof(x));
    }

    internal void RequireState(CellState s, long batch)
    {
        ArgumentNullException.ThrowIfNull(s);
        if (!s.H.shape.SequenceEqual([batch, Cell.OutputSize]))
            throw new ArgumentException($"state h is {Shape(s.H)}, expected ({batch}, {Cell.OutputSize})", nameof(s));
        if (Cell.HasCellState != s.C is not null)
            throw new ArgumentException($"the state {(s.C is null ? "lacks" : "has")} a c, which {Cell.Name} {(s.C is null ? "needs" : "does not have")}", nameof(s));
        if (s.H.dtype != _p.WeightIh.dtype || (s.C is { } own && own.dtype != s.H.dtype))
            throw new ArgumentException($"the state is {s.H.dtype}, the layer's weights are {_p.WeightIh.dtype}", nameof(s));
        if (s.C is { } c && !c.shape.SequenceEqual([batch, Cell.HiddenSize]))
            throw new ArgumentException($"state c is {Shape(c)}, expected ({batch}, {Cell.HiddenSize})", nameof(s));
    }
}

/// <summary>What one step's adjoint leaves for the products after the loop.</summary>
/// <param name="Da">∂a_t, (B, G·H).</param>
/// <param name="Dq">∂q_t, one per recurrent product.</param>
/// <param name="DOwn">Gradients of the cell's own parameters.</param>
/// <param name="DsBefore">∂s_{t-1}.</param>
/// <param name="Dh">∂h_t where the cell projects.</param>
internal sealed record StepGradient(Tensor Da, IReadOnlyList<Tensor> Dq, IReadOnlyList<Tensor> DOwn, CellState DsBefore, Tensor? Dh)
{
    public void MoveToOuterDisposeScope()
    {
        Da.MoveToOuterDisposeScope();
        foreach (var dq in Dq.Where(dq => !ReferenceEquals(dq, Da)))
            dq.MoveToOuterDisposeScope();
        foreach (var own in DOwn)
            own.MoveToOuterDisposeScope();
        DsBefore.H.MoveToOuterDisposeScope();
        DsBefore.C?.MoveToOuterDisposeScope();
        Dh?.MoveToOuterDisposeScope();
    }
}
