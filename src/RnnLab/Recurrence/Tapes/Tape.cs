using RnnLab.Cells;
using RnnLab.Recurrence.Passes;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence;

/// <summary>
/// What one forward call of a <see cref="RecurrentLayer"/> leaves for its backward: per step the states around it and what the cell saved, or, with a <see cref="TapeMemory"/> that
/// keeps less, some of that and states from which the rest is computed again.
/// It belongs to that call: one backward uses it up. Several tapes of one layer may be open at once.
/// </summary>
/// <param name="memory">What to keep of a whole sequence; <see cref="TapeMemory.Full"/> unless it is given.</param>
/// <remarks>
/// For T steps of a batch B a full tape holds, beside the input (T, B, I), the states and the activations that the cell saves. In the readable form these are for an LSTM
/// 7·T·B·H numbers (h, c, i, f, g, o, tanh c), for a GRU 5 (h, r, z, n, q_n), for an RNN 1 (h). A fused pass holds 6 for an LSTM (without tanh c), 5 for a GRU
/// and 2 for an RNN (h and its projection), with H rounded up to whole vectors, and one more row of states; its memory goes back to a pool.
/// </remarks>
public sealed class Tape(TapeMemory? memory = null) : IDisposable
{
    private readonly List<Tensor> _inputs = [];
    private readonly ReferenceSegment _steps = new(0);
    private RecurrentLayer? _layer;
    private RecordedCall? _call;
    private bool _spent;
    private long _peakBytes;

    /// <summary>The number of steps recorded.</summary>
    public int Length => _call?.Call.Steps.T ?? _steps.To;

    /// <summary>What it keeps of a whole sequence.</summary>
    public TapeMemory Memory { get; } = memory ?? TapeMemory.Full;

    /// <summary>The most that it has held at once of a sequence, in bytes: recorded steps and saved states, without the inputs. It stays readable after the backward.</summary>
    public long PeakBytes => _call?.PeakBytes ?? _peakBytes;

    /// <summary>The state before step <paramref name="t"/>, from 0; t = <see cref="Length"/> is the state after the last. A copy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">t is out of that range.</exception>
    /// <exception cref="InvalidOperationException">The tape is empty or was used by a backward, or its sequences are of unequal lengths or run in reverse, so that they share no step t.</exception>
    public CellState StateBefore(int t)
    {
        RequirePlain();
        ArgumentOutOfRangeException.ThrowIfNegative(t);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(t, Length);
        return _call?.StateBefore(t) ?? _steps.StateBefore(t);
    }

    /// <summary>All states, s_0 … s_T: h (T + 1, B, H), and c likewise. Copies; a tape that keeps less than everything computes the others again.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="StateBefore"/>.</exception>
    public CellState States()
    {
        using var scope = NewDisposeScope();
        RequirePlain();
        var states = _call?.States() ?? [.. Enumerable.Range(0, Length + 1).Select(_steps.StateBefore)];
        var all = new CellState(stack(states.Select(s => s.H)), states[0].C is null ? null : stack(states.Select(s => s.C!)));
        foreach (var state in states)
            state.Dispose();
        return all.Map(own => own.DetachFromDisposeScope());
    }

    /// <summary>Frees all that the tape holds.</summary>
    public void Dispose()
    {
        (_spent, _peakBytes) = (true, PeakBytes);
        _steps.Dispose();
        foreach (var input in _inputs)
            input.Dispose();
        _inputs.Clear();
        Dropped?.Dispose();
        Dropped = null;
        _call?.Dispose();
        _call = null;
    }

    /// <summary>Whether a fused pass recorded it.</summary>
    internal bool IsFused => _call is { Last: not ReferenceSegment };

    /// <summary>The weights under weight drop that it was recorded with, or null.</summary>
    internal DroppedWeight? Dropped { get; private set; }

    /// <summary>Its steps in the readable form.</summary>
    internal ReferenceSegment Steps => _call?.Last as ReferenceSegment ?? _steps;

    /// <summary>Whether it holds every step by itself, so that they can be gone back through one by one.</summary>
    internal bool HasSingleSteps => _call is null || (_call.Last is ReferenceSegment { From: 0 } && _call.Rows.IsPlain && Dropped is null);

    /// <summary>B of the recorded steps.</summary>
    internal long Batch => Rows.Steps.B;

    /// <summary>The batch that was recorded.</summary>
    internal BatchRows Rows => _call?.Rows ?? BatchRows.Uniform(_steps.To, (int)_steps.Steps[0].Before.H.shape[0]);

    /// <summary>Takes a sequence.</summary>
    internal void Record(RecordedCall call, DroppedWeight? dropped) => (_call, Dropped) = (call, dropped);

    /// <summary>The recorded sequence, or the single steps as one.</summary>
    internal RecordedCall CallOf(RecurrentLayer layer)
    {
        if (_call is not null)
            return _call;
        var call = new SequenceCall(layer.Parameters, InputRows(), Rows, layer.Masks(Rows, training: false, firstStep: 0));
        return _call = new(new ReferencePasses(layer.Cell), call, _steps);
    }

    /// <summary>Requires it to hold nothing but single steps of the same batch.</summary>
    internal void RequireRoomForStep(long batch)
    {
        RequireUnspent();
        if (_call is not null)
            throw new ArgumentException("this tape holds a whole sequence; single steps need a tape of their own");
        if (_steps.Steps.Count > 0 && Batch != batch)
            throw new ArgumentException($"the tape's steps are of a batch of {Batch}, this one is of {batch}");
    }

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

    /// <summary>Requires recorded sequences that share their steps.</summary>
    private void RequirePlain()
    {
        RequireRecorded();
        if (_layer!.Reverse || _call is { Rows.IsPlain: false })
            throw new InvalidOperationException("the state before a step is that of sequences of one length, run forward");
    }

    internal void RequireRecorded()
    {
        RequireUnspent();
        if (Length == 0)
            throw new InvalidOperationException("the tape holds no step yet");
    }

    /// <summary>The input of a single step, (B, I).</summary>
    internal void AddInput(Tensor x) => _inputs.Add(x.alias().DetachFromDisposeScope());

    /// <summary>All inputs as rows (T·B, I).</summary>
    internal Tensor InputRows() => _call?.Call.X ?? cat(_inputs.ToArray(), 0);
}
