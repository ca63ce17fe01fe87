using RnnLab.Cells;
using RnnLab.Recurrence.Kernels;

namespace RnnLab.Recurrence;

/// <summary>
/// What one forward call of a <see cref="RecurrentLayer"/> leaves for its backward: per step the states around it and what the cell saved.
/// It belongs to that call: one backward uses it up. Several tapes of one layer may be open at once.
/// </summary>
/// <remarks>
/// For T steps of a batch B it holds, beside the input (T, B, I), the states and the activations that the cell saves. In the readable form these are for an LSTM
/// 7·T·B·H numbers (h, c, i, f, g, o, tanh c), for a GRU 5 (h, r, z, n, q_n), for an RNN 1 (h). A fused pass holds 6 for an LSTM (without tanh c), 5 for a GRU
/// and 2 for an RNN (h and its projection), with H rounded up to whole vectors, and one more row of states; its memory goes back to a pool.
/// </remarks>
public sealed class Tape : IDisposable
{
    private readonly List<StepRecord> _steps = [];
    private readonly List<Tensor> _inputs = [];
    private RecurrentLayer? _layer;
    private bool _spent;

    /// <summary>The number of steps recorded.</summary>
    public int Length => Fused?.Length ?? _steps.Count;

    /// <summary>The state before step <paramref name="t"/>, from 0; t = <see cref="Length"/> is the state after the last. A copy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">t is out of that range.</exception>
    /// <exception cref="InvalidOperationException">The tape is empty or was used by a backward.</exception>
    public CellState StateBefore(int t)
    {
        RequireRecorded();
        ArgumentOutOfRangeException.ThrowIfNegative(t);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(t, Length);
        return Fused?.State(t) ?? (t < Length ? _steps[t].Before : _steps[^1].State).Copy();
    }

    /// <summary>Frees all that the tape holds.</summary>
    public void Dispose()
    {
        _spent = true;
        foreach (var step in _steps)
            step.Dispose();
        foreach (var input in _inputs)
            input.Dispose();
        _steps.Clear();
        _inputs.Clear();
        Fused?.Dispose();
        Fused = null;
    }

    /// <summary>What a fused pass recorded, in place of <see cref="Steps"/>.</summary>
    internal FusedTape? Fused { get; private set; }

    internal IReadOnlyList<StepRecord> Steps => _steps;

    internal void Record(FusedTape fused) => Fused = fused;

    internal void RequireUnspent()
    {
        if (_spent)
            throw new InvalidOperationException("this tape was used by a backward or disposed; run the forward again with a new tape");
    }

    /// <summary>Makes this the layer's tape, which it must be already unless it is nobody's.</summary>
    internal void RequireLayer(RecurrentLayer layer)
    {
        if ((_layer ??= layer) != layer)
            throw new ArgumentException("this tape was recorded by another layer");
    }

    /// <summary>B of the recorded steps.</summary>
    internal long Batch => Fused?.Batch ?? _steps[0].Before.H.shape[0];

    internal void RequireRecorded()
    {
        RequireUnspent();
        if (Length == 0)
            throw new InvalidOperationException("the tape holds no step yet");
    }

    /// <summary>The inputs of all steps, in order: a whole sequence (T, B, I) or single steps (1, B, I).</summary>
    internal void AddInput(Tensor x) => _inputs.Add(x.alias().DetachFromDisposeScope());

    internal void AddStep(StepRecord step) => _steps.Add(step);

    /// <summary>All inputs as rows (T·B, I).</summary>
    internal Tensor InputRows()
    {
        var rows = _inputs.Select(x => x.reshape(-1, x.shape[^1])).ToArray();
        return rows.Length == 1 ? rows[0] : cat(rows, 0);
    }
}

/// <summary>One step on a tape.</summary>
internal sealed class StepRecord(CellState before) : IDisposable
{
    /// <summary>s_{t-1}.</summary>
    public CellState Before { get; } = before.Share();

    /// <summary>s_t as φ returned it, before any projection.</summary>
    public CellState After { get; private set; } = null!;

    /// <summary>s_t as the next step sees it.</summary>
    public CellState State { get; private set; } = null!;

    /// <summary>What the cell's functions saved.</summary>
    public List<Tensor> Saved { get; } = [];

    /// <summary>u_1, u_2 …: the operands of the recurrent products after the first.</summary>
    public List<Tensor> Operands { get; } = [];

    /// <summary>u_k, the operand of product k.</summary>
    public Tensor Operand(int product) => product == 0 ? Before.H : Operands[product - 1];

    /// <summary>
    /// Takes hold of what the step left, by handles of its own: what a cell saved may be a tensor that it was given.
    /// </summary>
    public void Close(CellState after, CellState state)
    {
        After = after.Share();
        State = state.Share();
        Hold(Saved);
        Hold(Operands);
    }

    private static void Hold(List<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Count; i++)
            tensors[i] = tensors[i].alias().DetachFromDisposeScope();
    }

    public void Dispose()
    {
        Before.Dispose();
        After?.Dispose();
        State?.Dispose();
        foreach (var tensor in Saved.Concat(Operands))
            tensor.Dispose();
    }
}
