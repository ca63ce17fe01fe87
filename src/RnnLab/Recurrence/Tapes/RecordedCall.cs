using RnnLab.Cells;
using RnnLab.Recurrence.Passes;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence;

/// <summary>
/// A forward call over a sequence that waits for its backward: all of it recorded, or states saved on the way and the last part recorded, as its <see cref="CheckpointPlan"/> says.
/// </summary>
internal sealed class RecordedCall : IDisposable
{
    private readonly SequencePasses _passes;
    private readonly SequenceCall _call;
    private readonly CheckpointPlan _plan;
    private readonly Dictionary<int, CellState> _states = [];
    private TapeSegment? _last;
    private long _stateBytes;

    private RecordedCall(SequencePasses passes, SequenceCall call, CheckpointPlan plan)
        => (_passes, _call, _plan) = (passes, call with { X = call.X.alias().DetachFromDisposeScope() }, plan);

    /// <summary>A call that single steps recorded.</summary>
    public RecordedCall(SequencePasses passes, SequenceCall call, TapeSegment steps)
        : this(passes, call, CheckpointPlan.EveryState(call.Steps.T, call.Steps.T)) => _last = steps;

    /// <summary>The arguments.</summary>
    public SequenceCall Call => _call;

    /// <summary>What its rows are the rows of.</summary>
    public BatchRows Rows => _call.Rows;

    /// <summary>The recorded part.</summary>
    public TapeSegment? Last => _last;

    /// <summary>The most that it has held at once, in bytes: recorded steps and saved states.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>Runs a sequence.</summary>
    /// <param name="passes">The form.</param>
    /// <param name="call">The arguments.</param>
    /// <param name="s0">s_0 in the rows' order.</param>
    /// <param name="memory">What to keep.</param>
    /// <returns>The outputs (N, O) and s_T in the caller's dispose scope, and what was recorded.</returns>
    public static (Tensor Output, CellState State, RecordedCall Recorded) Run(SequencePasses passes, SequenceCall call, CellState s0, TapeMemory memory)
    {
        var plan = memory == TapeMemory.Full ? CheckpointPlan.EveryState(call.Steps.T, call.Steps.T) : memory.Plan(call.Steps.T, passes.BlockSteps(call), passes.StateCost);
        var recorded = new RecordedCall(passes, call, plan);
        try
        {
            using var pass = passes.Forward(recorded._call, wantOutput: true);
            var s = recorded.Forward(pass, s0);
            return (pass.Output(), s, recorded);
        }
        catch
        {
            recorded.Dispose();
            throw;
        }
    }

    /// <summary>Goes back through all steps; uses it up.</summary>
    public (Tensor? Dx, CellState Ds0) Backward(Tensor dOutput, CellState? dsT, bool wantDx)
    {
        using var backward = _passes.Backward(_call, dOutput, dsT, wantDx);
        using var again = _plan.Units > 1 ? _passes.Forward(_call, wantOutput: false) : null;
        Backward(backward, again, 0, _plan.Units, _plan.States);
        return backward.Finish();
    }

    /// <summary>The state before step <paramref name="t"/>, run again from the nearest one that was saved where need be.</summary>
    public CellState StateBefore(int t)
    {
        if (_last is { } last && t >= last.From && t <= last.To)
            return last.StateBefore(t);
        using var scope = NewDisposeScope();
        using var pass = _passes.Forward(_call, wantOutput: false);
        var unit = _states.Keys.Where(unit => Step(unit) <= t).Max();
        return (Step(unit) == t ? _states[unit] : pass.Run(Step(unit), t, _states[unit])).Copy();
    }

    /// <summary>All states, s_0 to s_T; what is not on tape is run once more.</summary>
    public List<CellState> States()
    {
        var states = new List<CellState>();
        using var scope = NewDisposeScope();
        using var pass = _passes.Forward(_call, wantOutput: false);
        for (var unit = 0; unit < _plan.Units; unit++)
        {
            if (_last is { } last && last.From == Step(unit))
            {
                Append(last);
                continue;
            }
            using var part = NewDisposeScope();
            var (_, segment) = pass.Record(Step(unit), Step(unit + 1), unit == 0 ? _states[0] : states[Step(unit)]);
            using (segment)
                Append(segment);
        }
        return states;

        void Append(TapeSegment segment)
        {
            for (var t = states.Count; t <= segment.To; t++)
                states.Add(segment.StateBefore(t));
        }
    }

    public void Dispose()
    {
        _call.X.Dispose();
        _call.Masks.Dispose();
        _last?.Dispose();
        foreach (var state in _states.Values)
            state.Dispose();
        _states.Clear();
    }

    private int Step(int unit) => (int)Math.Min((long)unit * _plan.UnitSteps, _plan.T);

    private CellState Forward(ForwardPass pass, CellState s)
    {
        var (from, states) = (0, _plan.States);
        if (_plan.Units > 1)
            Save(0, s);
        while (_plan.Units - from > 1 && _plan.FirstPart(_plan.Units - from, states) is > 0 and var part)
        {
            s = RunAndSave(pass, from, from += part);
            states--;
        }
        if (_plan.Units - from > 1)
            s = pass.Run(Step(from), Step(_plan.Units - 1), s);
        (s, _last) = pass.Record(Step(_plan.Units - 1), _plan.T, s);
        Count(_last);
        return s;
    }

    private void Backward(BackwardPass backward, ForwardPass? again, int from, int to, int states)
    {
        if (to - from == 1)
        {
            GoThrough(backward, again, from, from);
        }
        else if (_plan.FirstPart(to - from, states) is > 0 and var part)
        {
            if (!_states.ContainsKey(from + part))
                RunAndSave(again!, from, from + part);
            Backward(backward, again, from + part, to, states - 1);
            Drop(from + part);
            Backward(backward, again, from, from + part, states);
        }
        else
        {
            for (var unit = to - 1; unit >= from; unit--)
                GoThrough(backward, again, from, unit);
        }
    }

    /// <summary>Goes back through one unit, which is recorded now from the saved state of unit <paramref name="from"/>, unless it is on tape already.</summary>
    private void GoThrough(BackwardPass backward, ForwardPass? again, int from, int unit)
    {
        using var scope = NewDisposeScope();
        var segment = _last;
        if (segment is null)
        {
            var s = unit > from ? again!.Run(Step(from), Step(unit), _states[from]) : _states[from];
            segment = again!.Record(Step(unit), Step(unit + 1), s).Tape;
            Count(segment);
        }
        _last = null;
        using (segment)
            backward.Run(segment);
    }

    /// <summary>Runs from one saved state to the next.</summary>
    private CellState RunAndSave(ForwardPass pass, int from, int to)
    {
        // What is saved is a copy.
        using var s = pass.Run(Step(from), Step(to), _states[from]);
        Save(to, s);
        return _states[to];
    }

    private void Save(int unit, CellState s)
    {
        _states[unit] = s.Copy();
        _stateBytes += Bytes(s);
    }

    private void Drop(int unit)
    {
        _states.Remove(unit, out var s);
        _stateBytes -= Bytes(s!);
        s!.Dispose();
    }

    private void Count(TapeSegment segment) => PeakBytes = Math.Max(PeakBytes, segment.Bytes + _stateBytes);

    private static long Bytes(CellState s) => Bytes(s.H) + (s.C is { } c ? Bytes(c) : 0);

    private static long Bytes(Tensor x) => x.numel() * x.element_size();
}
