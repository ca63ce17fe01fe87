using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Passes;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Tests.Recurrence;

/// <summary>Plans of memory-bounded back-propagation: their cost against a search over everything one could do, and what is really run and held.</summary>
public sealed class CheckpointPlanTests
{
    // Steps of a block, of which a budget for one and a few states does not hold two; a state takes one step tape here.
    private const int Block = 100;

    [Fact]
    public void A_plan_runs_the_fewest_steps_that_any_order_of_work_can_with_its_states()
    {
        for (var n = 2; n <= 7; n++)
            for (var states = 0; states < n; states++)
            {
                var plan = WithStates(n, states);
                Assert.Equal((n, Block, states), (plan.Units, plan.UnitSteps, plan.States));
                Assert.Equal(Fewest(n, states), plan.Cost);
            }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(9, 0)]
    [InlineData(9, 1)]
    [InlineData(10, 3)]
    [InlineData(40, 2)]
    [InlineData(40, 7)]
    [InlineData(40, 39)]
    public void What_is_run_is_the_plans_cost_and_no_more_states_are_held_than_it_says(int units, int states)
    {
        using var scope = NewDisposeScope();
        var plan = WithStates(units, states);
        var passes = new CountingPasses(Block, stateCost: 1);
        passes.GoThrough(units * Block, TapeMemory.Budget(Block + states + 1));
        Assert.Equal(plan.Cost * Block, passes.StepsRun);
        Assert.Equal(Block, passes.LongestSegment);
        Assert.InRange(passes.MostStates, 1, states + 1);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(100, 7)]
    [InlineData(101, 8)]
    [InlineData(97, 100)]
    public void Root_of_T_memory_runs_every_step_twice_at_most_and_holds_about_as_many_steps_as_states(int T, int blockSteps)
    {
        using var scope = NewDisposeScope();
        var passes = new CountingPasses(blockSteps, stateCost: 0.5);
        passes.GoThrough(T, TapeMemory.SquareRoot);
        Assert.InRange(passes.StepsRun, T, 2 * T - 1);
        Assert.InRange(passes.LongestSegment, 1, Math.Max(blockSteps, 1.5 * Math.Sqrt(T)));
        Assert.InRange(passes.MostStates, 0, 1.5 * Math.Sqrt(T));
    }

    [Fact]
    public void What_is_held_never_exceeds_the_budget_and_a_budget_that_is_too_small_is_refused_with_the_least_that_is_needed()
    {
        var cases = from T in (int[])[1, 2, 5, 17, 60] from block in (int[])[1, 3, 8] from cost in (double[])[0.2, 1.0 / 3, 0.5, 2] select (T, block, cost);
        foreach (var (T, blockSteps, stateCost) in cases)
        {
            using var scope = NewDisposeScope();
            var block = Math.Min(blockSteps, T);
            var least = block + (int)Math.Ceiling(stateCost);
            for (var budget = 1; budget <= T + 2; budget++)
            {
                var passes = new CountingPasses(block, stateCost);
                if (budget < least)
                {
                    var refused = Assert.Throws<ArgumentException>(() => passes.GoThrough(T, TapeMemory.Budget(budget)));
                    Assert.Contains($"a tape of {budget} steps has no room", refused.Message, StringComparison.Ordinal);
                    Assert.EndsWith($"need at least {least}", refused.Message, StringComparison.Ordinal);
                    continue;
                }
                passes.GoThrough(T, TapeMemory.Budget(budget));
                Assert.InRange(passes.MostHeld, 0, budget);
            }
        }
    }

    [Fact]
    public void A_larger_budget_never_runs_more_steps()
    {
        var before = double.PositiveInfinity;
        for (var budget = 2; budget <= 202; budget++)
        {
            var plan = CheckpointPlan.Within(budget, 200, 1, 0.3);
            Assert.True((double)plan.Cost * plan.UnitSteps <= before);
            before = (double)plan.Cost * plan.UnitSteps;
        }
        Assert.Equal(200, before);
    }

    [Fact]
    public void A_long_sequence_is_cut_into_units_that_can_be_planned()
    {
        using var scope = NewDisposeScope();
        var refused = Assert.Throws<ArgumentException>(() => CheckpointPlan.Within(10, 100_000, 1, 0.5));
        var least = int.Parse(refused.Message.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Throws<ArgumentException>(() => CheckpointPlan.Within(least - 1, 100_000, 1, 0.5));
        var passes = new CountingPasses(1, 0.5);
        passes.GoThrough(100_000, TapeMemory.Budget(least + 20));
        Assert.InRange(passes.MostHeld, 0, least + 20);
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "Known")]
    private static extern ref ConcurrentDictionary<(int, int, int, double), CheckpointPlan> Known(CheckpointPlan? plan);

    private static CheckpointPlan WithStates(int units, int states) => CheckpointPlan.Within(Block + states + 1, units * Block, Block, 1);

    /// <summary>
    /// The fewest units run forward to go back through n, with at most so many states saved beside that before the first: Dijkstra's search over
    /// (which are saved, where a forward run stands, how many units are left).
    /// </summary>
    private static int Fewest(int n, int states)
    {
        var done = new HashSet<(int Saved, int At, int Left)>();
        var queue = new PriorityQueue<(int Saved, int At, int Left), int>();
        queue.Enqueue((1, 0, n), 0);
        while (queue.TryDequeue(out var place, out var cost))
        {
            if (!done.Add(place))
                continue;
            var (saved, at, left) = place;
            if (left == 0)
                return cost;
            // Run on from where it stands, or record the last unit that is left and go back through it.
            queue.Enqueue(at == left - 1 ? (saved, 0, left - 1) : (saved, at + 1, left), cost + 1);
            for (var unit = 0; unit < n; unit++)
            {
                if ((saved >> unit & 1) == 0)
                    continue;
                if (unit < left)
                    queue.Enqueue((saved, unit, left), cost);
                if (unit > 0)
                    queue.Enqueue((saved & ~(1 << unit), at, left), cost);
            }
            if (System.Numerics.BitOperations.PopCount((uint)saved) <= states)
                queue.Enqueue((saved | 1 << at, at, left), cost);
        }
        throw new InvalidOperationException("there is always a way");
    }

    /// <summary>Passes whose state is the number of the step that it stands before, and that count what they are asked for.</summary>
    private sealed class CountingPasses(int blockSteps, double stateCost) : SequencePasses
    {
        private RecordedCall? _recorded;
        private int _segments;

        public int StepsRun { get; private set; }

        public int LongestSegment { get; private set; }

        public int MostStates { get; private set; }

        public double MostHeld { get; private set; }

        public override double StateCost => stateCost;

        public override int BlockSteps(SequenceCall call) => blockSteps;

        /// <summary>Forward and back over T steps.</summary>
        public void GoThrough(int T, TapeMemory memory)
        {
            var rows = BatchRows.Uniform(T, 1);
            var masks = new SequenceMasks(new RnnCell(1), RecurrentRegularization.None, new MaskStreams(0, "l0"), rows, false, false, 0, ScalarType.Float32, CPU);
            var call = new SequenceCall(null!, zeros([T, 1]), rows, masks);
            var (_, sT, recorded) = RecordedCall.Run(this, call, new(tensor(0L)), memory);
            Assert.Equal(T, sT.H.item<long>());
            using (recorded)
            {
                _recorded = recorded;
                Note(0);
                var (_, ds0) = recorded.Backward(zeros([T, 1]), null, wantDx: false);
                Assert.Equal(0, ds0.H.item<long>());
                Assert.DoesNotContain(States(recorded).Keys, unit => unit > 0);
            }
            Assert.Equal(0, _segments);
        }

        public override ForwardPass Forward(SequenceCall call, bool wantOutput) => new Forth(this);

        public override BackwardPass Backward(SequenceCall call, Tensor dOutput, CellState? dsT, bool wantDx) => new Back(this, call.Steps.T);

        private void Note(int segmentSteps)
        {
            var states = _recorded is null ? 0 : States(_recorded).Count;
            MostStates = Math.Max(MostStates, states);
            LongestSegment = Math.Max(LongestSegment, segmentSteps);
            MostHeld = Math.Max(MostHeld, segmentSteps + states * stateCost);
        }

        private CellState Advance(int from, int to, CellState s)
        {
            Assert.Equal(from, s.H.item<long>());
            Assert.True(from < to);
            Assert.Equal(0, _segments);
            Assert.Equal(0, from % blockSteps);
            StepsRun += to - from;
            return new(tensor((long)to));
        }

        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_states")]
        private static extern ref Dictionary<int, CellState> States(RecordedCall call);

        private sealed class Forth(CountingPasses passes) : ForwardPass
        {
            public override CellState Run(int from, int to, CellState s) => passes.Advance(from, to, s);

            public override (CellState State, TapeSegment Tape) Record(int from, int to, CellState s)
            {
                var after = passes.Advance(from, to, s);
                passes._segments++;
                return (after, new Segment(passes, from, to));
            }

            public override Tensor Output() => zeros(1);

            public override void Dispose()
            {
            }
        }

        private sealed class Back(CountingPasses passes, int T) : BackwardPass
        {
            private int _next = T;

            public override void Run(TapeSegment segment)
            {
                Assert.Equal(_next, segment.To);
                passes.Note(segment.To - segment.From);
                _next = segment.From;
            }

            public override (Tensor? Dx, CellState Ds0) Finish() => (null, new(tensor((long)_next)));

            public override void Dispose()
            {
            }
        }

        private sealed class Segment(CountingPasses passes, int from, int to) : TapeSegment(from)
        {
            public override int To => to;

            public override long Bytes => 0;

            public override CellState StateBefore(int t) => new(tensor((long)t));

            public override void Dispose() => passes._segments--;
        }
    }
}
