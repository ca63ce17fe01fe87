using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

/// <summary>The adding and the multiplication problem.</summary>
public sealed class MarkedNumbersTests
{
    [Fact]
    public void The_target_is_the_sum_of_two_marked_numbers_one_in_each_half()
    {
        foreach (var example in AddingTask.Kind.Make(("length", 9)).Training.First(300))
        {
            var (values, marks) = Columns(example);
            Assert.Equal(9, values.Length);
            Assert.All(values, value => Assert.InRange(value, 0, 1));
            Assert.Equal(1, marks[..4].Sum());
            Assert.Equal(1, marks[4..].Sum());
            Assert.Equal(2, marks.Count(mark => mark == 1));
            Assert.Equal(values.Zip(marks, (value, mark) => value * mark).Sum(), example.RealTarget()[0], 1e-15);
        }
    }

    [Theory]
    [InlineData("adding", -1, 0)]
    [InlineData("multiplication", 0, 1)]
    public void The_pairs_of_1997_are_as_published(string name, double low, double neutral)
    {
        var firstChosen = 0;
        foreach (var example in Original(name, 30).Training.First(2000))
        {
            var (values, marks) = Columns(example);
            Assert.InRange(values.Length, 30, 33);
            Assert.All(values, value => Assert.InRange(value, low, 1));
            Assert.Equal((-1, -1), (marks[0], marks[^1]));
            var chosen = Enumerable.Range(1, values.Length - 2).Where(t => marks[t] != 0).ToArray();
            Assert.All(chosen, t => Assert.Equal(1, marks[t]));
            Assert.All(chosen, t => Assert.InRange(t, 1, 13));
            // Of two one is of the first ten; where the first pair is the other, the one may be any.
            Assert.True(chosen.Length == 2 ? chosen[0] < 10 : chosen.Length == 1);
            if (chosen.Length == 1)
            {
                firstChosen++;
                Assert.Equal(neutral, values[0]);
            }
            double one = values[chosen[0]], two = chosen.Length == 1 ? neutral : values[chosen[1]];
            Assert.Equal(name == "adding" ? 0.5 + (one + two) / 4 : one * two, example.RealTarget()[0], 1e-15);
        }
        // 1/10 + 9/10 · 1/13 = .1692; a standard deviation of 2000 is .0084.
        Assert.InRange(firstChosen / 2000.0, 0.1692 - 0.034, 0.1692 + 0.034);
    }

    [Fact]
    public void All_lengths_and_places_of_the_first_half_come()
    {
        var examples = AddingTask.Kind.Make(("length", 8)).Training.First(400).Select(example => Columns(example).Marks).ToArray();
        Assert.Equal(8, examples.Select(marks => Array.IndexOf(marks, 1)).Concat(examples.Select(marks => Array.LastIndexOf(marks, 1))).Distinct().Count());
        Assert.Equal([40, 41, 42, 43, 44], Original("adding", 40).Training.First(200).Select(example => example.Input.Length).Distinct().Order());
    }

    [Theory]
    [InlineData("adding", false, 1.0)]
    [InlineData("adding", true, 0.5)]
    [InlineData("multiplication", true, null)]
    public void The_level_without_memory_is_the_variance_of_the_target(string name, bool original, double? mean)
    {
        const int count = 40_000;
        var task = original ? Original(name, 30) : AddingTask.Kind.Make(("length", 6));
        var targets = task.Training.First(count).Select(example => example.RealTarget()[0]).ToArray();
        var average = targets.Average();
        if (mean is not null)
            Assert.Equal(mean.Value, average, 0.01);
        var squares = targets.Select(target => (target - average) * (target - average)).ToArray();
        var variance = squares.Average();
        var deviation = Math.Sqrt(squares.Average(square => (square - variance) * (square - variance)) / count);
        Assert.Equal(variance, task.Baseline("memoryless"), 4 * deviation);
    }

    private static ExampleTask Original(string name, int length)
        => name == "adding" ? AddingTask.Kind.Make(("length", length), ("variant", "1997")) : MultiplicationTask.Kind.Make(("length", length));

    private static (double[] Values, double[] Marks) Columns(Example example)
        => ([.. example.RealInput().Where((_, i) => i % 2 == 0)], [.. example.RealInput().Where((_, i) => i % 2 == 1)]);
}
