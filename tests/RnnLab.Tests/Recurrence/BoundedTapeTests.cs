using System.Globalization;
using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;
using RnnLab.Tests.Training;

namespace RnnLab.Tests.Recurrence;

/// <summary>Tapes that keep less than all, against those that keep all. Runs alone: the threads and the pool are the process's.</summary>
[Collection(WholeProcess.Name)]
public sealed class BoundedTapeTests
{
    // Steps that are no multiples of those that are summed at once, which are about 256 rows for each group of threads.
    private static readonly (int T, int B)[] Sizes = [(600, 1), (200, 3), (100, 9), (27, 40), (40, 40)];

    public static TheoryData<string, int> CellsAndThreads => Each.Of<string, int>(["lstm", "gru", "rnn tanh"], [1, 2]);

    [Theory]
    [MemberData(nameof(CellsAndThreads))]
    public void A_bounded_tape_gives_the_bits_of_a_full_one_in_the_fused_form(string cell, int threads) => FusedThreadTests.OnThreads(threads, () =>
    {
        foreach (var (T, B) in Sizes)
            foreach (var (reverse, lengths) in ((bool, bool)[])[(false, false), (true, false), (false, true), (true, true)])
            {
                using var scope = NewDisposeScope();
                var problem = Problem(FusedSweep.Cells[cell](31), T, B, reverse, lengths ? Lengths(T, B) : null);
                var full = problem.ByHand();
                foreach (var memory in Memories(problem, most: B == 40 && !lengths && !reverse ? 100 : 3))
                {
                    problem.Memory = memory;
                    Same.Exactly($"T {T}, B {B}, {(reverse ? "reverse" : "forward")}, {(lengths ? "lengths" : "one length")}, {memory}", full, problem.ByHand());
                }
            }
        return 0;
    });

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("lstm projected")]
    public void A_bounded_tape_gives_the_numbers_of_a_full_one_in_the_readable_form(string cell)
    {
        foreach (var (T, B) in ((int, int)[])[(53, 40), (11, 300)])
            foreach (var (reverse, lengths, masks) in ((bool, bool, bool)[])[(false, false, false), (true, true, false), (false, true, true), (true, false, true)])
            {
                using var scope = NewDisposeScope();
                var problem = Problem(CellGradientTests.Cells[cell](), T, B, reverse, lengths ? Lengths(T, B) : null, masks, Kernel.Reference);
                var full = problem.ByHand();
                foreach (var memory in Memories(problem, most: 3))
                {
                    problem.Memory = memory;
                    Same.Within(Difference.Autograd, full, problem.ByHand());
                }
            }
    }

    [Theory]
    [MemberData(nameof(CellsAndThreads))]
    public void Fused_passes_over_a_batch_that_shrinks_equal_the_readable_form(string cell, int threads) => FusedThreadTests.OnThreads(threads, () =>
    {
        foreach (var (T, B) in Sizes.Where(size => size.B > 1))
            foreach (var lengths in new[] { Lengths(T, B), SequenceLengths.Of([.. Enumerable.Range(0, B).Select(b => b < B / 3 ? T : 2L)]) })
            {
                using var scope = NewDisposeScope();
                var problem = Problem(FusedSweep.Cells[cell](31), T, B, lengths: lengths);
                FusedSweep.RequireNone(FusedSweep.Differences($"T {T}, B {B}, lengths {string.Join(' ', lengths.Values)}", problem, problem.ByHand(Kernel.Fast)));
            }
        return 0;
    });

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_stacks_bounded_tape_gives_the_bits_of_a_full_one_in_the_fused_form(bool bidirectional, bool lengths)
    {
        using var scope = NewDisposeScope();
        using var rnn = RecurrentStack.Create(
            () => new LstmCell(12), 5, 2, 0.3, seed: 5, dtype: ScalarType.Float64, bidirectional: bidirectional, connection: StackConnection.Skip);
        rnn.train();
        var problem = new StackProblem(rnn, 100, 9) { Options = new() { Lengths = lengths ? Lengths(100, 9) : null } };
        var full = problem.ByHand();
        foreach (var memory in (TapeMemory[])[TapeMemory.SquareRoot, TapeMemory.Budget(70)])
            Same.Exactly($"{memory}", full, problem.ByHand(memory));
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void A_bounded_tape_gives_the_state_before_every_step(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var problem = Problem(new LstmCell(5), 60, 60, kernel: kernel);
        using var full = new Tape();
        problem.Layer.Forward(problem.X, problem.S0, full);
        foreach (var memory in Memories(problem, most: 3))
        {
            using var bounded = new Tape(memory);
            problem.Layer.Forward(problem.X, problem.S0, bounded);
            for (var t = 0; t <= 60; t++)
            {
                using var step = NewDisposeScope();
                Same.Within(Difference.Autograd, full.StateBefore(t).H, bounded.StateBefore(t).H);
                Same.Within(Difference.Autograd, full.StateBefore(t).C!, bounded.StateBefore(t).C!);
            }
            Assert.Throws<ArgumentOutOfRangeException>(() => bounded.StateBefore(61));
            Assert.Throws<ArgumentOutOfRangeException>(() => bounded.StateBefore(-1));
        }
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("rnn tanh")]
    public void The_least_budget_that_a_refusal_names_is_the_least_that_works(string cell)
    {
        using var scope = NewDisposeScope();
        var problem = Problem(FusedSweep.Cells[cell](8), 100, 9);
        var least = LeastBudget(problem);
        Assert.InRange(least, 2, 99);
        void Run(int budget)
        {
            using var tape = new Tape(TapeMemory.Budget(budget));
            problem.Layer.Forward(problem.X, problem.S0, tape);
        }
        Run(least);
        Assert.Contains($"need at least {least}", Assert.Throws<ArgumentException>(() => Run(least - 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => TapeMemory.Budget(0));
    }

    [Theory]
    [InlineData("lstm", 7, 6)]
    [InlineData("gru", 5, 5)]
    [InlineData("rnn tanh", 1, 2)]
    public void A_full_tape_holds_for_each_step_and_unit_as_many_numbers_as_it_says(string cell, int readable, int fused)
    {
        const int T = 100, B = 40, H = 64;
        using var scope = NewDisposeScope();
        var problem = Problem(FusedSweep.Cells[cell](H), T, B);
        Assert.Equal((long)T * B * H * sizeof(double) * readable, Peak(problem, Kernel.Reference, TapeMemory.Full));
        // One vector a row lies between the rows, and one row of states comes before the first step.
        Assert.InRange(Peak(problem, Kernel.Fast, TapeMemory.Full) / (double)((long)T * B * H * sizeof(double)), fused, fused + 0.2);
    }

    public static TheoryData<string, Kernel> AllCells => CellGradientTests.CellsAndKernels;

    [Theory]
    [MemberData(nameof(AllCells))]
    public void A_bounded_tape_holds_no_more_step_tapes_than_its_budget_states_included(string cell, Kernel kernel)
    {
        const int T = 60, B = 64;
        using var scope = NewDisposeScope();
        var problem = Problem(CellGradientTests.Cells[cell](), T, B, kernel: kernel);
        var stepTape = Peak(problem, kernel, TapeMemory.Full) / (double)T;
        foreach (var budget in Budgets(problem, most: 5))
            Assert.InRange(Peak(problem, kernel, TapeMemory.Budget(budget)) / stepTape, 0, budget);
    }

    // Sizes at which √T steps are about as many as are summed at once, or more.
    [Theory]
    [InlineData(2, 16_000)]
    [InlineData(32, 4_000)]
    public void Root_of_T_memory_holds_no_more_than_two_and_a_half_root_of_T_step_tapes_workspaces_included(int B, int T)
    {
        using var scope = NewDisposeScope();
        var problem = Problem(new LstmCell(32), T, B);
        problem.ByHand();
        var full = PooledMemory.MostDuring(() => problem.ByHand());
        problem.Memory = TapeMemory.SquareRoot;
        problem.ByHand();
        var bounded = PooledMemory.MostDuring(() => problem.ByHand());
        // A step tape of an LSTM: four gates, h and c.
        var stepTape = B * 6 * 32 * sizeof(double);
        Assert.InRange(full, T * stepTape, 1.3 * T * stepTape);
        Assert.InRange(bounded / (double)stepTape, 0, 2.5 * Math.Sqrt(T));
    }

    private static LayerProblem Problem(Cell cell, int T, int B, bool reverse = false, SequenceLengths? lengths = null, bool masks = false, Kernel kernel = Kernel.Fast)
    {
        var regularization = masks ? new RecurrentRegularization { RecurrentDropout = 0.2, ZoneoutH = 0.2, WeightDrop = 0.2 } : null;
        var parameters = RecurrentParameters.Create(cell, 5, "l0", Initialization.PyTorch, 11, dtype: ScalarType.Float64);
        return new(new RecurrentLayer(cell, parameters, reverse, regularization, seed: 3) { Kernel = kernel }, T, B)
        {
            Options = new() { Lengths = lengths, Training = masks },
        };
    }

    /// <summary>Of all kinds, the longest somewhere in the middle and shorter than the batch.</summary>
    private static SequenceLengths Lengths(int T, int B) => SequenceLengths.Of([.. Enumerable.Range(0, B).Select(b => 1 + (T - 2) * (b * 7L + 5) % (T - 1))]);

    /// <summary>√T and some budgets.</summary>
    private static IEnumerable<TapeMemory> Memories(LayerProblem problem, int most) => Budgets(problem, most).Select(TapeMemory.Budget).Prepend(TapeMemory.SquareRoot);

    /// <summary>About so many budgets, from the least that is possible to all of T.</summary>
    private static IEnumerable<int> Budgets(LayerProblem problem, int most)
    {
        var (least, T) = (LeastBudget(problem), (int)problem.X.shape[0]);
        var step = Math.Max(1, (T - least) / most);
        return Enumerable.Range(least, Math.Max(1, T - least + 1)).Where(budget => (budget - least) % step == 0 || budget == least + 1 || budget == T);
    }

    /// <summary>The most that a tape holds in a forward and a backward.</summary>
    private static long Peak(LayerProblem problem, Kernel kernel, TapeMemory memory)
    {
        problem.Layer.Kernel = kernel;
        using var tape = new Tape(memory);
        problem.Layer.Forward(problem.X, problem.S0, tape);
        problem.Layer.Backward(tape, problem.R, problem.Rs);
        return tape.PeakBytes;
    }

    /// <summary>As the refusal of a budget of 1 names it.</summary>
    private static int LeastBudget(LayerProblem problem)
    {
        using var tape = new Tape(TapeMemory.Budget(1));
        var refused = Assert.Throws<ArgumentException>(() => problem.Layer.Forward(problem.X, problem.S0, tape, problem.Options));
        return int.Parse(refused.Message.Split(' ')[^1], CultureInfo.InvariantCulture);
    }
}
