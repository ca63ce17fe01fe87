using RnnLab.Cells;
using RnnLab.Kernels;
using RnnLab.Recurrence.Kernels;

namespace RnnLab.Recurrence;

/// <summary>
/// One layer of recurrence over any cell: it owns the projections' weights and knows time, forward and backward
/// (back-propagation through time, Werbos 1990), and no cell's equations. The loops stand in <see cref="ReferencePasses"/>, readable, over any cell and device;
/// the built-in cells have fused passes on the CPU as well (<see cref="Kernel"/>), which are held to those.
/// Parameters have PyTorch's names and shapes: weight_ih (G·H, I), weight_hh (G·H, H), bias_ih and bias_hh (G·H), weight_hr (P, H) for a
/// projecting cell, and the cell's own. Explicit passes run without autograd and add into <c>.grad</c>.
/// </summary>
public sealed class RecurrentLayer
{
    private readonly RecurrentParameters _p;

    /// <summary>A layer of <paramref name="cell"/> over <paramref name="parameters"/>.</summary>
    /// <exception cref="ArgumentException">A parameter has not the shape that the cell asks for.</exception>
    public RecurrentLayer(Cell cell, RecurrentParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.RequireShapes(cell);
        (Cell, _p, Reference) = (cell, parameters, new ReferencePasses(cell, parameters));
    }

    /// <summary>The cell.</summary>
    public Cell Cell { get; }

    /// <summary>The weights.</summary>
    public RecurrentParameters Parameters => _p;

    /// <summary>Which form of the passes over a sequence runs; <see cref="Kernel.Fast"/> unless it is set.</summary>
    public Kernel Kernel { get; set; }

    /// <summary>The readable passes.</summary>
    internal ReferencePasses Reference { get; }

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
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit, or the tape is not empty or another layer's.</exception>
    public (Tensor Output, CellState State) Forward(Tensor x, CellState s0, Tape? tape = null)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        RequireInput(x, 3, "(T, B, I)");
        RequireState(s0, x.shape[1]);
        if (tape is { Length: > 0 })
            throw new ArgumentException("a sequence needs an empty tape", nameof(tape));
        tape?.RequireUnspent();
        tape?.RequireLayer(this);
        if (Fused() is not { } passes)
        {
            var (y, s) = Reference.Forward(x, s0, tape);
            return (y.MoveToOuterDisposeScope(), s.Map(own => own.MoveToOuterDisposeScope()));
        }
        var (output, sT, record) = passes.Forward(_p, x.contiguous(), s0.Map(own => own.contiguous()), tape is not null);
        tape?.Record(record!);
        return (output.MoveToOuterDisposeScope(), sT.Map(own => own.MoveToOuterDisposeScope()));
    }

    /// <summary>The adjoint of <see cref="Forward"/>: adds the gradients of all parameters, and uses the tape up.</summary>
    /// <param name="tape">The forward call's tape.</param>
    /// <param name="dOutput">∂L/∂output, (T, B, H).</param>
    /// <param name="dsT">∂L/∂s_T beside what reaches it through the output, or null for none.</param>
    /// <returns>∂L/∂x (T, B, I) and ∂L/∂s_0.</returns>
    /// <exception cref="InvalidOperationException">The tape is used up.</exception>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit the tape's, or another layer recorded it.</exception>
    public (Tensor Dx, CellState Ds0) Backward(Tape tape, Tensor dOutput, CellState? dsT = null)
    {
        var (dx, ds0) = GoBack(tape, dOutput, dsT, wantDx: true);
        return (dx!, ds0);
    }

    /// <summary>The same without ∂L/∂x, for a layer whose inputs are data: a third of the products outside the loop less.</summary>
    /// <returns>∂L/∂s_0.</returns>
    public CellState BackwardToParameters(Tape tape, Tensor dOutput, CellState? dsT = null) => GoBack(tape, dOutput, dsT, wantDx: false).Ds0;

    internal (Tensor? Dx, CellState Ds0) GoBack(Tape tape, Tensor dOutput, CellState? dsT, bool wantDx)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(dOutput);
        tape.RequireRecorded();
        tape.RequireLayer(this);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var (T, B) = (tape.Length, tape.Batch);
        if (!dOutput.shape.SequenceEqual([T, B, Cell.OutputSize]))
            throw new ArgumentException($"dOutput is {Shape(dOutput)}, the tape's forward gave ({T}, {B}, {Cell.OutputSize})", nameof(dOutput));
        RequireLike(dOutput, nameof(dOutput));
        if (dsT is not null)
            RequireState(dsT, B);
        var (dx, ds0) = tape.Fused is { } fused
            ? fused.Passes.Backward(_p, fused, dOutput.contiguous(), dsT?.Map(own => own.contiguous()), wantDx)
            : Reference.Backward(tape, dOutput, dsT ?? ZeroState(B), wantDx);
        tape.Dispose();
        return (dx?.MoveToOuterDisposeScope(), ds0.Map(own => own.MoveToOuterDisposeScope()));
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
        tape?.RequireLayer(this);
        tape?.AddInput(x);
        return Reference.StepForward(Reference.Project(x), s, Reference.Product(), tape).Map(own => own.clone().MoveToOuterDisposeScope());
    }

    /// <summary>Starts the adjoint of a tape that single steps recorded, from the last step to the first.</summary>
    /// <exception cref="InvalidOperationException">The tape is empty or used up, or a fused pass over a whole sequence recorded it: that one goes back by <see cref="Backward"/>.</exception>
    public StepwiseBackward BeginBackward(Tape tape) => new(this, tape);

    /// <summary>The fused passes, where they apply.</summary>
    private FusedPasses? Fused() => Kernel == Kernel.Fast && KernelChoice.Current == Kernel.Fast ? FusedPasses.For(Cell, _p) : null;

    internal static string Shape(Tensor x) => $"({string.Join(", ", x.shape)})";

    private void RequireInput(Tensor x, int rank, string form)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.shape.Length != rank || x.shape[^1] != InputSize || x.shape.Contains(0))
            throw new ArgumentException($"input is {Shape(x)}, expected {form} with I = {InputSize} and no dimension of 0", nameof(x));
        RequireLike(x, "input");
    }

    /// <summary>Requires the dtype and the device of the weights.</summary>
    private void RequireLike(Tensor x, string name)
    {
        if (x.dtype != _p.WeightIh.dtype)
            throw new ArgumentException($"{name} is {x.dtype}, the layer's weights are {_p.WeightIh.dtype}");
        if (x.device.type != _p.WeightIh.device.type)
            throw new ArgumentException($"{name} is on {x.device}, the layer's weights are on {_p.WeightIh.device}");
    }

    internal void RequireState(CellState s, long batch)
    {
        ArgumentNullException.ThrowIfNull(s);
        if (!s.H.shape.SequenceEqual([batch, Cell.OutputSize]))
            throw new ArgumentException($"state h is {Shape(s.H)}, expected ({batch}, {Cell.OutputSize})", nameof(s));
        if (Cell.HasCellState != s.C is not null)
            throw new ArgumentException($"the state {(s.C is null ? "lacks" : "has")} a c, which {Cell.Name} {(s.C is null ? "needs" : "does not have")}", nameof(s));
        RequireLike(s.H, "the state");
        if (s.C is { } c && !c.shape.SequenceEqual([batch, Cell.HiddenSize]))
            throw new ArgumentException($"state c is {Shape(c)}, expected ({batch}, {Cell.HiddenSize})", nameof(s));
        if (s.C is not null)
            RequireLike(s.C, "the state");
    }
}
