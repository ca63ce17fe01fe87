using RnnLab.Metrics;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class DyckTests
{
    [Theory]
    [InlineData(2, 4, 40)]
    [InlineData(3, 1, 20)]
    [InlineData(1, 3, 30)]
    [InlineData(4, 100, 26)]
    public void Strings_are_balanced_and_targets_are_what_the_language_allows_next(int kinds, int depth, int length)
    {
        var task = DyckTask.Kind.Make(("kinds", kinds), ("depth", depth), ("length", length), ("validation_examples", 1));
        var deepest = 0;
        foreach (var example in task.Evaluation[0].Examples.First(1).Concat(task.Training.First(kinds * depth < 4 ? 1 : 200)))
        {
            var text = string.Concat(example.Input().Select(task.InputVocabulary!.Decode));
            Assert.InRange(text.Length, length / 2, length);
            Assert.Equal(0, text.Length % 2);
            Assert.Equal("", Reduced(text));
            for (var t = 0; t < text.Length; t++)
            {
                // What is left of the beginning are the open brackets.
                var open = Reduced(text[..(t + 1)]);
                deepest = Math.Max(deepest, open.Length);
                var allowed = "([{<"[..kinds].Where(_ => open.Length < depth).Concat(open.Length > 0 ? [")]}>"["([{<".IndexOf(open[^1])]] : []);
                var bits = ((RealSteps)example.Target).At(t).ToArray();
                Assert.Equal(allowed.Order(), bits.Select((bit, i) => (bit, i)).Where(p => p.bit == 1).Select(p => task.InputVocabulary!.Decode(p.i)[0]).Order());
            }
        }
        Assert.InRange(deepest, 1, depth);
        Assert.True(deepest == depth || depth > length / 4);
    }

    [Theory]
    [InlineData(2, 4, 40)]
    [InlineData(3, 2, 16)]
    public void The_level_without_memory_is_that_of_what_follows_each_bracket(int kinds, int depth, int length)
    {
        const int count = 4000;
        var task = DyckTask.Kind.Make(("kinds", kinds), ("depth", depth), ("length", length), ("validation_examples", 1));
        var (sums, seen) = (new double[2 * kinds, 2 * kinds], new double[2 * kinds]);
        foreach (var example in task.Training.First(count))
            for (var t = 0; t < example.Input.Length; t++)
            {
                seen[example.Input()[t]]++;
                for (var k = 0; k < 2 * kinds; k++)
                    sums[example.Input()[t], k] += ((RealSteps)example.Target).At(t)[k];
            }
        var loss = 0.0;
        for (var i = 0; i < 2 * kinds; i++)
            for (var k = 0; k < 2 * kinds; k++)
                loss += seen[i] * Entropy(sums[i, k] / seen[i]);
        Assert.Equal(loss / seen.Sum(), task.Baseline("memoryless"), 0.01);
    }

    [Fact]
    public void A_further_set_is_longer()
    {
        var task = DyckTask.Kind.Make(("length", 20), ("test_length", 60), ("validation_examples", 100));
        Assert.Equal(["validation", "longer"], task.Evaluation.Select(set => set.Name));
        Assert.All(task.Evaluation[1].Examples.All(), example => Assert.InRange(example.Input.Length, 22, 60));
    }

    [Fact]
    public void A_string_is_right_where_just_what_is_allowed_has_a_positive_logit()
    {
        var examples = DyckTask.Kind.Make(("validation_examples", 4)).Evaluation[0].Examples.All().ToArray();
        var metric = new SuccessorMetric();
        Assert.Empty(metric.Values());
        for (var i = 0; i < 4; i++)
        {
            var outputs = examples[i].RealTarget().Select(bit => bit - 0.5).ToArray();
            outputs[7] *= i == 2 ? -1 : 1;
            metric.Add(examples[i], new(outputs, 4, []));
        }
        Assert.Equal([("strings_right", 0.75)], metric.Values());
    }

    /// <summary>A text without its matching pairs.</summary>
    private static string Reduced(string text)
    {
        for (var length = -1; length != text.Length;)
        {
            length = text.Length;
            text = text.Replace("()", "").Replace("[]", "").Replace("{}", "").Replace("<>", "");
        }
        return text;
    }

    private static double Entropy(double p) => p is 0 or 1 ? 0 : -p * Math.Log(p) - (1 - p) * Math.Log(1 - p);
}
