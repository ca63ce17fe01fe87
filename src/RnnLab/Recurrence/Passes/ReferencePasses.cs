using RnnLab.Cells;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence.Passes;

/// <summary>
/// The readable form of a layer's passes: both loops over time as they stand on paper, over the steps of <see cref="ReferenceStep"/>. It is what every faster form is held to.
/// <code>
/// forward    t = 1 … T:   s_t = step(x_t, s_{t-1})
/// backward   t = T … 1:   ∂s_{t-1} = step'(∂s_t + ∂y_t)
/// </code>
/// Where sequences end before others the batch shrinks: a step has the rows of those that are not over. Arguments are checked by <see cref="RecurrentLayer"/>.
/// </summary>
internal sealed class ReferencePasses(Cell cell) : SequencePasses
{
    // Rows of the products over several steps at once.
    private const int BlockRows = 1024;

    public override double StateCost
    {
        get
        {
            var state = cell.OutputSize + (cell.HasCellState ? cell.HiddenSize : 0);
            return (double)state / (state + StepFootprint.Of(cell).Saved);
        }
    }

    public override int BlockSteps(SequenceCall call) => BlockSteps(call.Steps.T, call.Steps.B);

    /// <summary>The same from the sizes alone.</summary>
    public static int BlockSteps(int T, int B) => Math.Clamp(BlockRows / B, 1, T);

    public override ForwardPass Forward(SequenceCall call, bool wantOutput) => new Loop(this, new ReferenceStep(cell, call.P), call, wantOutput);

    public override BackwardPass Backward(SequenceCall call, Tensor dOutput, CellState? dsT, bool wantDx)
        => new LoopBack(this, new ReferenceStep(cell, call.P), call, dOutput, dsT, wantDx);

    /// <summary>The blocks of [from, to), whose bounds are multiples of its block but for the range's own.</summary>
    private List<(int From, int To)> Blocks(SequenceCall call, int from, int to)
    {
        var size = BlockSteps(call);
        var blocks = new List<(int, int)>();
        for (int first = from, last; first < to; first = last)
        {
            last = Math.Min(to, (first / size + 1) * size);
            blocks.Add((first, last));
        }
        return blocks;
    }

    private sealed class Loop(ReferencePasses passes, ReferenceStep step, SequenceCall call, bool wantOutput) : ForwardPass
    {
        private readonly List<Tensor> _h = [];

        public override CellState Run(int from, int to, CellState s) => Steps(from, to, s, null);

        public override (CellState State, TapeSegment Tape) Record(int from, int to, CellState s)
        {
            var tape = new ReferenceSegment(from);
            return (Steps(from, to, s, tape), tape);
        }

        public override Tensor Output() => cat(_h, 0);

        public override void Dispose()
        {
            foreach (var h in _h)
                h.Dispose();
        }

        private CellState Steps(int from, int to, CellState s, ReferenceSegment? tape)
        {
            using var scope = NewDisposeScope();
            var W_hh = step.Product();
            var ended = new List<CellState>();
            var rows = call.Steps.B;
            foreach (var (first, last) in passes.Blocks(call, from, to))
            {
                // What a block made goes with it, but for the states.
                using var block = NewDisposeScope();
                var (start, end) = (call.Steps.Offset(first), call.Steps.Offset(last));
                var a = step.Project(call.X.narrow(0, start, end - start));
                var masks = call.Masks.Of(first, last);
                for (var t = first; t < last; t++)
                {
                    var active = call.Steps.Active(t);
                    if (active < rows)
                    {
                        ended.Add(Narrow(s, active, rows - active).Map(own => own.MoveToOuterDisposeScope()));
                        s = Narrow(s, 0, active);
                        rows = active;
                    }
                    var record = tape is null ? null : new StepRecord(s, masks[t - first]);
                    s = step.Forward(a.narrow(0, call.Steps.Offset(t) - start, active), s, W_hh, masks[t - first], record);
                    if (record is not null)
                        tape!.Add(record);
                    if (wantOutput)
                        _h.Add(s.H.alias().DetachFromDisposeScope());
                }
                s = s.Map(own => own.MoveToOuterDisposeScope());
            }
            return Joined(s, ended).Map(own => own.MoveToOuterDisposeScope());
        }

        /// <summary>The states of all rows: those that ended last are the first.</summary>
        private static CellState Joined(CellState s, List<CellState> ended)
        {
            if (ended.Count == 0)
                return s.Map(own => own.clone());
            ended.Add(s);
            ended.Reverse();
            return new(cat(ended.ConvertAll(e => e.H), 0), s.C is null ? null : cat(ended.ConvertAll(e => e.C!), 0));
        }
    }

    private sealed class LoopBack(ReferencePasses passes, ReferenceStep step, SequenceCall call, Tensor dOutput, CellState? dsT, bool wantDx) : BackwardPass
    {
        private readonly List<Tensor> _dx = [];
        private CellState? _ds;

        public override void Run(TapeSegment segment)
        {
            var tape = (ReferenceSegment)segment;
            using var scope = NewDisposeScope();
            var W_hh = step.Product();
            var ds = _ds ?? Entering(segment.To - 1, 0);
            var blocks = passes.Blocks(call, segment.From, segment.To);
            for (var b = blocks.Count - 1; b >= 0; b--)
            {
                using var block = NewDisposeScope();
                var (first, last) = blocks[b];
                var gradients = new StepGradient[last - first];
                for (var t = last - 1; t >= first; t--)
                {
                    var g = step.Backward(ds, tape.Steps[t - segment.From], W_hh, t > 0 ? dOutput.narrow(0, call.Steps.Offset(t - 1), call.Steps.Active(t)) : null);
                    gradients[t - first] = g;
                    ds = t > 0 ? WithEntering(g.DsBefore, t - 1) : g.DsBefore;
                }
                var start = call.Steps.Offset(first);
                var x = call.X.narrow(0, start, call.Steps.Offset(last) - start);
                var da = step.Accumulate(x, tape.Steps.GetRange(first - segment.From, last - first), gradients, W_hh);
                if (wantDx)
                    _dx.Add(step.InputGradient(da).DetachFromDisposeScope());
                ds = ds.Map(own => own.MoveToOuterDisposeScope());
            }
            _ds?.Dispose();
            _ds = ds.Copy();
            segment.Dispose();
        }

        public override (Tensor? Dx, CellState Ds0) Finish()
        {
            _dx.Reverse();
            return (wantDx ? cat(_dx, 0) : null, _ds!.Map(own => own.alias()));
        }

        public override void Dispose()
        {
            foreach (var dx in _dx)
                dx.Dispose();
            _ds?.Dispose();
        }

        /// <summary>∂s_{t+1} of the rows that step t has, where the first rows have theirs from step t + 1 already: the others end here.</summary>
        private CellState WithEntering(CellState ds, int t)
        {
            var known = (int)ds.H.shape[0];
            if (known == call.Steps.Active(t))
                return ds;
            var entering = Entering(t, known);
            return new(cat([ds.H, entering.H], 0), ds.C is null ? null : cat([ds.C, entering.C!], 0));
        }

        /// <summary>∂s of the rows from <paramref name="first"/> on, whose last step is t: from their final state and from their output.</summary>
        private CellState Entering(int t, int first)
        {
            var count = call.Steps.Active(t) - first;
            var dy = dOutput.narrow(0, call.Steps.Offset(t) + first, count);
            if (dsT is not null)
                return Narrow(dsT, first, count).AddH(dy);
            var state = passes.HasCellState ? zeros([count, passes.HiddenSize], dy.dtype, dy.device) : null;
            return new(dy, state);
        }
    }

    private bool HasCellState => cell.HasCellState;

    private long HiddenSize => cell.HiddenSize;

    private static CellState Narrow(CellState s, int first, int count) => s.Map(own => own.narrow(0, first, count));
}
