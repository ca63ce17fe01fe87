using RnnLab.Cells;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence.Passes;

/// <summary>
/// One form of a layer's passes over time: readable (<see cref="ReferencePasses"/>) or fused (<see cref="Kernels.FusedPasses"/>). A call goes through its steps in ranges, so that
/// a tape may hold only some of them at a time.
/// </summary>
internal abstract class SequencePasses
{
    /// <summary>
    /// Steps whose sums are made together. Ranges that begin at multiples of it give a call's results the same bits as one range over all steps
    /// (in the fused form; in the readable one, as far as the library's products do not depend on the number of their rows).
    /// </summary>
    public abstract int BlockSteps(SequenceCall call);

    /// <summary>What a state takes in memory, as a part of what a recorded step takes.</summary>
    public abstract double StateCost { get; }

    /// <summary>Starts a forward pass.</summary>
    /// <param name="call">The call.</param>
    /// <param name="wantOutput">Whether the outputs are kept.</param>
    public abstract ForwardPass Forward(SequenceCall call, bool wantOutput);

    /// <summary>Starts a backward pass.</summary>
    /// <param name="call">The call.</param>
    /// <param name="dOutput">∂L/∂output, rows (N, O).</param>
    /// <param name="dsT">∂L/∂s_T in the rows' order, or null for none.</param>
    /// <param name="wantDx">Whether ∂L/∂x is wanted.</param>
    public abstract BackwardPass Backward(SequenceCall call, Tensor dOutput, CellState? dsT, bool wantDx);
}

/// <summary>The arguments of a call that all its ranges share.</summary>
/// <param name="P">The weights.</param>
/// <param name="X">Inputs, rows (N, I), in the order of the steps.</param>
/// <param name="Rows">What they are the rows of.</param>
/// <param name="Masks">What acts beside the cell.</param>
internal sealed record SequenceCall(RecurrentParameters P, Tensor X, BatchRows Rows, SequenceMasks Masks)
{
    /// <summary>The rows' steps.</summary>
    public StepRows Steps => Rows.Steps;
}

/// <summary>A forward pass under way, from the first step to the last.</summary>
internal abstract class ForwardPass : IDisposable
{
    /// <summary>Runs the steps [from, to) and records nothing.</summary>
    /// <param name="from">The first step.</param>
    /// <param name="to">The step after the last.</param>
    /// <param name="s">The state before them, all B rows; rows of ended sequences stay as they are.</param>
    /// <returns>The state after them.</returns>
    public abstract CellState Run(int from, int to, CellState s);

    /// <summary>Runs the steps and records what their backward pass needs.</summary>
    public abstract (CellState State, TapeSegment Tape) Record(int from, int to, CellState s);

    /// <summary>The outputs of all steps that were run, rows (N, O).</summary>
    public abstract Tensor Output();

    public abstract void Dispose();
}

/// <summary>A backward pass under way, from the last step to the first.</summary>
internal abstract class BackwardPass : IDisposable
{
    /// <summary>Goes back through a segment, which ends where the one before began; uses it up.</summary>
    public abstract void Run(TapeSegment segment);

    /// <summary>After the first step: adds the gradients of all parameters.</summary>
    /// <returns>∂L/∂x as rows (N, I), or null, and ∂L/∂s_0.</returns>
    public abstract (Tensor? Dx, CellState Ds0) Finish();

    public abstract void Dispose();
}

/// <summary>What a forward pass recorded of the steps [<see cref="From"/>, <see cref="To"/>).</summary>
internal abstract class TapeSegment(int from) : IDisposable
{
    /// <summary>The first step.</summary>
    public int From { get; } = from;

    /// <summary>The step after the last.</summary>
    public abstract int To { get; }

    /// <summary>What it holds, in bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>The state before step <paramref name="t"/>, From ≤ t ≤ To, of the rows of step max(t − 1, From); the caller's own.</summary>
    public abstract CellState StateBefore(int t);

    public abstract void Dispose();
}
