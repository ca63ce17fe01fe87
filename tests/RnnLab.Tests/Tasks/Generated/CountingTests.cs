using RnnLab.Metrics;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class CountingTests
{
    [Theory]
    [InlineData("anbn", "Saaabbb", "a|ab|ab|ab|b|b|T")]
    [InlineData("anbncn", "Saabbcc", "a|ab|ab|b|c|c|T")]
    public void Targets_are_the_possible_successors_or_the_next_symbol(string name, string input, string successors)
    {
        var n = input.Count(c => c == 'a');
        var sets = Kind(name).Make();
        var example = sets.Evaluation[0].Examples[n - 1];
        Assert.Equal(input, Text(sets, example.Input()));
        var rows = example.RealTarget().Chunk(sets.Shape.Target.Size).Select(
            row => Text(sets, [.. Enumerable.Range(0, row.Length).Where(k => row[k] == 1).Select(k => (long)k)]));
        // The vocabulary's order is S T a b c.
        Assert.Equal(successors.Split('|'), rows);

        var symbols = Kind(name).Make(("target", "symbol"));
        Assert.Equal(input[1..] + "T", Text(symbols, symbols.Evaluation[0].Examples[n - 1].Target()));
    }

    [Fact]
    public void Training_has_each_length_up_to_n_and_the_test_each_up_to_test_n()
    {
        var task = Kind("anbn").Make(("n", 5), ("test_n", 9));
        Assert.Equal([3, 5, 7, 9, 11], task.Training.First(200).Select(example => example.Input.Length).Distinct().Order());
        Assert.Equal(["validation", "up_to_9"], task.Evaluation.Select(set => set.Name));
        Assert.Equal(Enumerable.Range(1, 5).Select(n => 2 * n + 1), task.Evaluation[0].Examples.All().Select(example => example.Input.Length));
        Assert.Equal(Enumerable.Range(1, 9).Select(n => 2 * n + 1), task.Evaluation[1].Examples.All().Select(example => example.Input.Length));
    }

    [Theory]
    [InlineData("anbn")]
    [InlineData("anbncn")]
    public void The_levels_are_the_least_losses_of_answers_that_see_no_more(string name)
    {
        // By counting over the validation strings: the best answer for the present symbol alone is the share of what follows it.
        var sets = Kind(name).Make(("n", 7));
        var all = sets.Evaluation[0].Examples.All().SelectMany(example => example.Input().Zip(example.RealTarget().Chunk(sets.Shape.Target.Size))).ToArray();
        var loss = all.GroupBy(step => step.First).Sum(group => Enumerable.Range(0, sets.Shape.Target.Size)
            .Sum(k => group.Count() * Entropy(group.Average(step => step.Second[k]))));
        Assert.Equal(loss / all.Length, sets.Baseline("memoryless"), 1e-12);

        var symbols = Kind(name).Make(("n", 7), ("target", "symbol"));
        var steps = symbols.Evaluation[0].Examples.All().SelectMany(example => example.Input().Zip(example.Target())).ToArray();
        Assert.Equal(LeastLoss(steps), symbols.Baseline("memoryless"), 1e-12);

        // By the whole past: it tells all but n, which shows in k of the strings a^n at each a.
        var pasts = symbols.Evaluation[0].Examples.All()
            .SelectMany(example => example.Input().Select((_, t) => (Text(symbols, example.Input()[..(t + 1)]), example.Target()[t])));
        Assert.Equal(LeastLoss(pasts), symbols.Baseline("language"), 1e-12);
    }

    /// <summary>The mean loss of an answer that is the share of each target among the steps where the same is known.</summary>
    private static double LeastLoss<T>(IEnumerable<(T Known, long Next)> steps) => steps.GroupBy(step => step.Known)
        .Sum(group => group.GroupBy(step => step.Next).Sum(next => -next.Count() * Math.Log((double)next.Count() / group.Count()))) / steps.Count();

    [Theory]
    [InlineData("successors")]
    [InlineData("symbol")]
    public void The_largest_n_is_the_one_before_the_first_that_is_wrong(string target)
    {
        var task = Kind("anbncn").Make(("n", 6), ("test_n", 6), ("target", target));
        Assert.Equal(("largest_n", 6.0), LargestN(task, _ => false));
        Assert.Equal(("largest_n", 3.0), LargestN(task, n => n is 4 or 6));
        Assert.Equal(("largest_n", 0.0), LargestN(task, n => n == 1));
        Assert.Empty(new LargestNMetric(3).Values());
    }

    [Fact]
    public void While_letters_a_are_read_either_successor_may_be_the_likeliest()
    {
        var example = Kind("anbn").Make(("target", "symbol")).Evaluation[0].Examples[2];
        // Targets a a a b b b T: at the steps 1 to 3 a or b, else just the target.
        for (var t = 0; t < 7; t++)
            for (long said = 0; said < 4; said++)
            {
                var tokens = example.Target().ToArray();
                tokens[t] = said;
                var metric = new LargestNMetric(2);
                foreach (var shorter in Kind("anbn").Make(("target", "symbol")).Evaluation[0].Examples.First(2))
                    metric.Add(shorter, new([], 4, shorter.Target()));
                metric.Add(example, new([], 4, tokens));
                var legal = said == example.Target()[t] || (t is >= 1 and <= 3 && said is 2 or 3);
                Assert.Equal(("largest_n", legal ? 3.0 : 2.0), metric.Values().Single());
            }
    }

    /// <summary>The metric on right answers, but where they are to be wrong at the last step.</summary>
    private static (string, double) LargestN(ExampleTask task, Func<int, bool> wrong)
    {
        var metric = new LargestNMetric(3);
        var width = task.Shape.Target.Size;
        foreach (var example in task.Evaluation[1].Examples.All())
        {
            var sign = wrong((example.Input.Length - 1) / 3) ? -1 : 1;
            if (example.Target is RealSteps bits)
            {
                var outputs = bits.Values.Select(bit => bit == 1 ? 0.1 : -0.1).ToArray();
                outputs[^(width - 1)] *= sign;
                metric.Add(example, new(outputs, width, []));
            }
            else
                metric.Add(example, new([], width, sign == 1 ? example.Target() : [.. example.Target()[..^1], 4]));
        }
        return metric.Values().Single();
    }

    private static double Entropy(double p) => p is 0 or 1 ? 0 : -p * Math.Log(p) - (1 - p) * Math.Log(1 - p);

    private static TaskKind Kind(string name) => name == "anbn" ? CountingTask.ContextFree : CountingTask.ContextSensitive;

    private static string Text(ExampleTask task, long[] tokens) => string.Concat(tokens.Select(task.InputVocabulary!.Decode));
}
