using RnnLab.Kernels.Threads;
using RnnLab.Recurrence.Kernels;
using RnnLab.Tests.Support;
using RnnLab.Tests.Training;

namespace RnnLab.Tests.Recurrence;

/// <summary>The fused passes on several threads. Runs alone: another test's job would have the threads, and this one's would run on one.</summary>
[Collection(WholeProcess.Name)]
public sealed class FusedThreadTests
{
    private static readonly WorkerGrid[] Grids = [new(1, 1), new(1, 2), new(1, 3), new(2, 1), new(2, 2), new(3, 1)];

    public static TheoryData<string, ScalarType> CellsAndTypes => FusedSweep.CellsAndTypes;

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Every_division_of_rows_and_units_gives_its_own_bits_again_whether_many_threads_run_it_or_one(string cell, ScalarType dtype)
    {
        foreach (var shape in FusedSweep.Shapes)
            foreach (var grid in Grids.Where(grid => grid.Rows <= shape.B))
            {
                using var scope = NewDisposeScope();
                var problem = FusedSweep.Problem(cell, shape, dtype);
                var passes = FusedPasses.For(problem.Layer.Cell, problem.Layer.Parameters)!.On(grid);
                var once = problem.ByHand(passes);
                SameBits($"{shape}, {grid}, again", once, problem.ByHand(passes));
                Dictionary<string, Tensor>? alone = null;
                Team.Shared.Run(2, new FirstThread(() => alone = problem.ByHand(passes)));
                SameBits($"{shape}, {grid}, on one thread", once, alone!);
            }
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void All_but_the_sums_over_rows_has_the_same_bits_in_every_division_and_those_have_the_same_numbers(string cell, ScalarType dtype)
    {
        foreach (var shape in FusedSweep.Shapes)
        {
            using var scope = NewDisposeScope();
            var problem = FusedSweep.Problem(cell, shape, dtype);
            var passes = FusedPasses.For(problem.Layer.Cell, problem.Layer.Parameters)!;
            var whole = problem.ByHand(passes.On(new(1, 1)));
            foreach (var grid in Grids.Where(grid => grid.Rows <= shape.B))
            {
                var divided = problem.ByHand(passes.On(grid));
                // The sums over rows, the weights' gradients, are one for each group of rows and added up in the end.
                bool IsExact(string name) => grid.Rows == 1 || !name.EndsWith("_l0", StringComparison.Ordinal);
                SameBits($"{shape}, {grid}", Only(IsExact, whole), Only(IsExact, divided));
                FusedSweep.RequireNone(FusedSweep.Differences($"{shape}, {grid}", problem, divided));
            }
        }
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void A_pass_that_records_nothing_gives_the_same_bits_in_every_division(string cell, ScalarType dtype)
    {
        foreach (var shape in FusedSweep.Shapes.Where((_, k) => k % 3 == 0))
        {
            using var scope = NewDisposeScope();
            using var no_grad = torch.no_grad();
            var p = FusedSweep.Problem(cell, shape, dtype);
            var passes = FusedPasses.For(p.Layer.Cell, p.Layer.Parameters)!;
            var whole = p.OutputOf(passes.On(new(1, 1)));
            foreach (var grid in Grids.Where(grid => grid.Rows <= shape.B))
                Same.Exactly(whole, p.OutputOf(passes.On(grid)));
        }
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void One_two_and_three_threads_of_libtorchs_setting_equal_the_readable_form_with_the_same_bits_each_time(string cell, ScalarType dtype)
    {
        // Enough of a step for three threads with rows of their own, and for three that share rows; of an IndRNN the inputs make the work.
        foreach (var shape in new LayerShape[] { new(cell == "indrnn relu" ? 9 : 12, 33, 31, 100), SharedRows(cell) })
        {
            using var scope = NewDisposeScope();
            var problem = new LayerProblem(FusedSweep.Cells[cell](shape.H), shape.T, shape.B, shape.I, dtype);
            foreach (var threads in new[] { 1, 2, 3 })
            {
                var (first, second) = OnThreads(threads, () => (problem.ByHand(), problem.ByHand()));
                FusedSweep.RequireNone(FusedSweep.Differences($"{shape}, {threads} threads", problem, first));
                SameBits($"{shape}, {threads} threads", first, second);
            }
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void Several_callers_at_once_each_get_what_one_alone_gets(int rows, int units)
    {
        using var scope = NewDisposeScope();
        var problems = FusedSweep.Cells.Keys.Select(cell => FusedSweep.Problem(cell, new(40, 31, 8, 33), ScalarType.Float32)).ToArray();
        var passes = problems.Select(p => FusedPasses.For(p.Layer.Cell, p.Layer.Parameters)!.On(new(rows, units))).ToArray();
        var expected = problems.Select((p, k) => p.ByHand(passes[k])).ToArray();
        Parallel.For(0, problems.Length, new ParallelOptions { MaxDegreeOfParallelism = problems.Length }, k =>
        {
            for (var time = 0; time < 30; time++)
            {
                using var own = NewDisposeScope();
                SameBits(problems[k].Layer.Cell.Name, expected[k], problems[k].ByHand(passes[k]));
            }
        });
    }

    private static LayerShape SharedRows(string cell)
        => cell.StartsWith("indrnn", StringComparison.Ordinal) ? new(4, 3, 400, 300) : new(4, 3, 7, cell.StartsWith("rnn", StringComparison.Ordinal) ? 500 : 300);

    internal static T OnThreads<T>(int threads, Func<T> run)
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(threads);
            return run();
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static Dictionary<string, Tensor> Only(Func<string, bool> wanted, Dictionary<string, Tensor> results)
        => results.Where(p => wanted(p.Key)).ToDictionary();

    private static void SameBits(string what, Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        var different = expected.Where(p => !p.Value.bytes.SequenceEqual(actual[p.Key].bytes)).Select(p => p.Key).ToArray();
        Assert.True(different.Length == 0, $"{what}: {string.Join(", ", different)}");
    }

    /// <summary>Has the team while its first thread does something.</summary>
    private sealed class FirstThread(Action act) : Job
    {
        public override void Run(int worker)
        {
            if (worker == 0)
                act();
        }
    }
}
