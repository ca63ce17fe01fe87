using RnnLab.Cells;
using RnnLab.Kernels;
using RnnLab.Recurrence.Kernels;
using RnnLab.Recurrence.Passes;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence;

/// <summary>
/// One layer of recurrence over any cell, in one direction: it owns the projections' weights and knows time, forward and backward
/// (back-propagation through time, Werbos 1990), and no cell's equations. The loops stand in <see cref="ReferencePasses"/>, readable, over any cell and device;
/// the built-in cells have fused passes on the CPU as well (<see cref="Kernel"/>), which are held to those.
/// Parameters have PyTorch's names and shapes: weight_ih (G·H, I), weight_hh (G·H, H), bias_ih and bias_hh (G·H), weight_hr (P, H) for a
/// projecting cell, and the cell's own. Explicit passes run without autograd and add into <c>.grad</c>.
/// </summary>
public sealed class RecurrentLayer
{
    private readonly RecurrentParameters _p;
    private readonly MaskStreams _streams;

    /// <summary>A layer of <paramref name="cell"/> over <paramref name="parameters"/>.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="parameters">The weights.</param>
    /// <param name="reverse">Whether it goes through every sequence from its last step to its first; outputs keep their places in time, and the final state is that after the first step.</param>
    /// <param name="regularization">What acts on the recurrence in training; nothing unless it is given.</param>
    /// <param name="seed">Of its masks.</param>
    /// <param name="name">Of its masks' streams: l0, l0_reverse, as at the end of its parameters' names.</param>
    /// <exception cref="ArgumentException">A parameter has not the shape that the cell asks for, or the cell has not what the regularisation acts on.</exception>
    public RecurrentLayer(
        Cell cell, RecurrentParameters parameters, bool reverse = false, RecurrentRegularization? regularization = null, ulong seed = 0, string name = "l0")
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.RequireShapes(cell);
        (Cell, _p, Reverse, Regularization) = (cell, parameters, reverse, regularization ?? RecurrentRegularization.None);
        Regularization.RequireFit(cell);
        _streams = new MaskStreams(seed, name);
    }

    /// <summary>The cell.</summary>
    public Cell Cell { get; }

    /// <summary>The weights.</summary>
    public RecurrentParameters Parameters => _p;

    /// <summary>Whether sequences are gone through from the last step to the first.</summary>
    public bool Reverse { get; }

    /// <summary>What acts on the recurrence in training.</summary>
    public RecurrentRegularization Regularization { get; }

    /// <summary>Which form of the passes over a sequence runs; <see cref="Kernel.Fast"/> unless it is set.</summary>
    public Kernel Kernel { get; set; }

    /// <summary>I, the size of x_t.</summary>
    public long InputSize => _p.WeightIh.shape[1];

    /// <summary>A state of zeros for a batch of B.</summary>
    public CellState ZeroState(long batch) => new(
        zeros([batch, Cell.OutputSize], _p.WeightIh.dtype, _p.WeightIh.device),
        Cell.HasCellState ? zeros([batch, Cell.HiddenSize], _p.WeightIh.dtype, _p.WeightIh.device) : null);

    /// <summary>All steps of sequences whose inputs are known.</summary>
    /// <param name="x">Inputs, (T, B, I).</param>
    /// <param name="s0">s_0.</param>
    /// <param name="tape">An empty tape to record on, or null to record nothing.</param>
    /// <param name="options">Lengths, and what masks depend on.</param>
    /// <returns>The outputs h (T, B, H), 0 beyond a sequence's end, and each sequence's final state.</returns>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit, the lengths do not, or the tape is not empty or another layer's.</exception>
    public (Tensor Output, CellState State) Forward(Tensor x, CellState s0, Tape? tape = null, SequenceOptions? options = null)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        RequireInput(x, 3, "(T, B, I)");
        RequireState(s0, x.shape[1]);
        options ??= SequenceOptions.Default;
        var rows = BatchRows.Of(x, options.Lengths);
        var (y, sT) = ForwardRows(rows.ToRows(x), rows, s0.Map(rows.ToRowOrder), tape, options.Training, options.FirstStep);
        return (rows.ToPadded(y).MoveToOuterDisposeScope(), sT.Map(own => rows.ToBatchOrder(own).MoveToOuterDisposeScope()));
    }

    /// <summary>The adjoint of <see cref="Forward"/>: adds the gradients of all parameters, and uses the tape up.</summary>
    /// <param name="tape">The forward call's tape.</param>
    /// <param name="dOutput">∂L/∂output, (T, B, H).</param>
    /// <param name="dsT">∂L/∂ of the final states beside what reaches them through the output, or null for none.</param>
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
    /// <exception cref="InvalidOperationException">The tape is used up.</exception>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit the tape's, or another layer recorded it.</exception>
    public CellState BackwardToParameters(Tape tape, Tensor dOutput, CellState? dsT = null) => GoBack(tape, dOutput, dsT, wantDx: false).Ds0;

    /// <summary>One step, as in evaluation.</summary>
    /// <param name="x">x_t, (B, I).</param>
    /// <param name="s">s_{t-1}.</param>
    /// <param name="tape">The tape to append to, or null.</param>
    /// <returns>s_t.</returns>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit, or the tape holds a whole sequence or steps of another batch.</exception>
    public CellState Step(Tensor x, CellState s, Tape? tape = null)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        RequireInput(x, 2, "(B, I)");
        RequireState(s, x.shape[0]);
        tape?.RequireLayer(this);
        tape?.RequireRoomForStep(x.shape[0]);
        tape?.AddInput(x);
        var step = new ReferenceStep(Cell, _p);
        using var all = Masks(BatchRows.Uniform(1, (int)x.shape[0]), training: false, firstStep: 0);
        var masks = all.Of(0, 1)[0];
        var record = tape is null ? null : new StepRecord(s, masks);
        var after = step.Forward(step.Project(x), s, step.Product(), masks, record);
        if (record is not null)
            tape!.Steps.Add(record);
        return after.Map(own => own.clone().MoveToOuterDisposeScope());
    }

    /// <summary>Starts the adjoint of a tape that single steps recorded, from the last step to the first.</summary>
    /// <exception cref="InvalidOperationException">The tape is empty or used up, or does not hold each step by itself: it goes back by <see cref="Backward"/>.</exception>
    public StepwiseBackward BeginBackward(Tape tape) => new(this, tape);

    /// <summary>Starts single steps with the masks of <see cref="Forward"/>; how many there will be need not be known.</summary>
    internal LayerSteps BeginSteps(CellState s0, bool record, bool training, long firstStep)
        => new(this, DroppedWeight(training, firstStep), Masks(BatchRows.Uniform(int.MaxValue, (int)s0.H.shape[0]), training, firstStep), s0, record);

    /// <summary><see cref="Forward"/> over rows (N, I), step after step, and a state in their order.</summary>
    internal (Tensor Output, CellState State) ForwardRows(Tensor x, BatchRows rows, CellState s0, Tape? tape, bool training, long firstStep)
    {
        if (tape is { Length: > 0 })
            throw new ArgumentException("a sequence needs an empty tape", nameof(tape));
        tape?.RequireUnspent();
        tape?.RequireLayer(this);
        using var scope = NewDisposeScope();
        var dropped = DroppedWeight(training, firstStep);
        var masks = Masks(rows, training, firstStep);
        var kept = false;
        Tensor y;
        CellState s;
        try
        {
            var call = new SequenceCall(dropped?.Parameters ?? _p, Reverse ? rows.Reverse(x) : x, rows, masks);
            var passes = Passes(call);
            if (tape is null)
            {
                using var pass = passes.Forward(call, wantOutput: true);
                s = pass.Run(0, rows.Steps.T, s0);
                y = pass.Output();
            }
            else
            {
                (y, s, var recorded) = RecordedCall.Run(passes, call, s0, tape.Memory);
                tape.Record(recorded, dropped);
                kept = true;
            }
        }
        finally
        {
            if (!kept)
            {
                dropped?.Dispose();
                masks.Dispose();
            }
        }
        return ((Reverse ? rows.Reverse(y) : y).MoveToOuterDisposeScope(), s.Map(own => own.MoveToOuterDisposeScope()));
    }

    /// <summary>The adjoint of <see cref="ForwardRows"/>.</summary>
    internal (Tensor? Dx, CellState Ds0) GoBackRows(Tape tape, Tensor dOutput, CellState? dsT, bool wantDx)
    {
        tape.RequireRecorded();
        tape.RequireLayer(this);
        using var scope = NewDisposeScope();
        var call = tape.CallOf(this);
        var rows = call.Rows;
        var (dx, ds0) = call.Backward(Reverse ? rows.Reverse(dOutput) : dOutput, dsT, wantDx);
        tape.Dropped?.AddGradient(_p.WeightHh);
        tape.Dispose();
        return ((dx is not null && Reverse ? rows.Reverse(dx) : dx)?.MoveToOuterDisposeScope(), ds0.Map(own => own.MoveToOuterDisposeScope()));
    }

    internal (Tensor? Dx, CellState Ds0) GoBack(Tape tape, Tensor dOutput, CellState? dsT, bool wantDx)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(dOutput);
        tape.RequireRecorded();
        tape.RequireLayer(this);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var rows = tape.Rows;
        var (T, B) = (rows.PaddedSteps, rows.Steps.B);
        if (!dOutput.shape.SequenceEqual([T, B, Cell.OutputSize]))
            throw new ArgumentException($"dOutput is {Shape(dOutput)}, the tape's forward gave ({T}, {B}, {Cell.OutputSize})", nameof(dOutput));
        RequireLike(dOutput, nameof(dOutput));
        if (dsT is not null)
            RequireState(dsT, B);
        var (dx, ds0) = GoBackRows(tape, rows.ToRows(dOutput), dsT?.Map(rows.ToRowOrder), wantDx);
        return (dx is null ? null : rows.ToPadded(dx).MoveToOuterDisposeScope(), ds0.Map(own => rows.ToBatchOrder(own).MoveToOuterDisposeScope()));
    }

    /// <summary>The masks of a call.</summary>
    internal SequenceMasks Masks(BatchRows rows, bool training, long firstStep)
        => new(Cell, Regularization, _streams, rows, Reverse, training, firstStep, _p.WeightIh.dtype, _p.WeightIh.device);

    /// <summary>The mask on W_hh of weight drop, or null.</summary>
    internal Tensor? WeightMask(bool training, long firstStep)
        => training && Regularization.WeightDrop > 0
            ? _streams.Weight.Masks(1, _p.WeightHh.shape, 1 - Regularization.WeightDrop, (ulong)firstStep, _p.WeightHh.dtype, _p.WeightHh.device).select(0, 0)
            : null;

    private DroppedWeight? DroppedWeight(bool training, long firstStep) => WeightMask(training, firstStep) is { } mask ? new(_p, mask) : null;

    /// <summary>The form that runs: the fused passes where they apply, else the readable one.</summary>
    private SequencePasses Passes(SequenceCall call)
        => (Kernel == Kernel.Fast && KernelChoice.Current == Kernel.Fast && call.Masks.AreNone ? FusedPasses.For(Cell, call.P) : null) ?? (SequencePasses)new ReferencePasses(Cell);

    internal static string Shape(Tensor x) => $"({string.Join(", ", x.shape)})";

    internal void RequireInput(Tensor x, int rank, string form)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.shape.Length != rank || x.shape[^1] != InputSize || x.shape.Contains(0))
            throw new ArgumentException($"input is {Shape(x)}, expected {form} with I = {InputSize} and no dimension of 0", nameof(x));
        RequireLike(x, "input");
    }

    /// <summary>Requires the dtype and the device of the weights.</summary>
    internal void RequireLike(Tensor x, string name)
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
