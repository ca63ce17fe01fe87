using System.Text.RegularExpressions;
using RnnLab.Metrics;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class ReberTests
{
    // After P, and after T S* X X, any number of rounds T* V P X, then T* V and out by V or by P S; after T S* X also out by S at once.
    private const string Plain = "BP(T*VPX)*T*V(V|PS)E|BTS*X(X(T*VPX)*T*V(V|PS)|S)E";

    [Fact]
    public void Strings_are_those_of_the_grammar()
    {
        var plain = new Regex($"^({Plain})$");
        var embedded = new Regex($"^B(T({Plain})T|P({Plain})P)E$");
        Assert.All(Strings(ReberTask.Kind.Make(("embedded", false)).Training.First(256)), text => Assert.Matches(plain, text));
        Assert.All(Strings(ReberTask.Kind.Make().Training.First(256)), text => Assert.Matches(embedded, text));
    }

    [Theory]
    [InlineData("BTSSXXTVVE")]
    [InlineData("BPVVE")]
    [InlineData("BTXXVPSE")]
    [InlineData("BPVPXVPXVPXVVE")]
    [InlineData("BTSXSE")]
    public void Known_strings_are_accepted_and_every_change_to_one_symbol_is_judged_as_the_expression_does(string text)
    {
        var plain = new Regex($"^({Plain})$");
        Assert.True(Accepts(text));
        for (var i = 0; i < text.Length; i++)
            foreach (var symbol in "BTPSXVE")
                Assert.Equal(plain.IsMatch(text[..i] + symbol + text[(i + 1)..]), Accepts(text[..i] + symbol + text[(i + 1)..]));
    }

    [Fact]
    public void Validation_and_test_strings_are_unseen()
    {
        var task = ReberTask.Kind.Make();
        Assert.Equal(256, task.Training.Count);
        Assert.Equal(["validation", "test"], task.Evaluation.Select(set => set.Name));
        Assert.All(task.Evaluation, set => Assert.Equal(256, set.Examples.Count));
        var training = Strings(task.Training.All()).ToHashSet();
        var validation = Strings(task.Evaluation[0].Examples.All()).ToHashSet();
        var test = Strings(task.Evaluation[1].Examples.All()).ToHashSet();
        Assert.Empty(validation.Intersect(training));
        Assert.Empty(test.Intersect(training.Concat(validation)));
    }

    [Fact]
    public void What_follows_a_symbol_is_as_often_as_in_many_strings()
    {
        foreach (var embedded in new[] { false, true })
        {
            var counts = new double[7, 7];
            var task = ReberTask.Kind.Make(("embedded", embedded), ("examples", 20_000));
            foreach (var example in task.Training.All())
                foreach (var (now, then) in example.Input().Zip(example.Target()))
                    counts[now, then]++;
            var expected = (embedded ? ReberGrammar.Embedded : ReberGrammar.Plain).NextBySymbol();
            for (var i = 0; i < 6; i++)
            {
                var sum = Enumerable.Range(0, 7).Sum(j => counts[i, j]);
                for (var j = 0; j < 7; j++)
                    Assert.Equal(expected[i, j], counts[i, j] / sum, 0.02);
            }
        }
    }

    [Fact]
    public void The_levels_are_those_of_the_validation_strings()
    {
        var task = ReberTask.Kind.Make(("embedded", false));
        // A fork is a beginning that two symbols may follow.
        var strings = Strings(task.Evaluation[0].Examples.All()).ToArray();
        var forks = strings.Sum(text => Enumerable.Range(1, text.Length - 1).Count(length => Ways(text[..length]) == 2));
        Assert.Equal(forks * Math.Log(2) / strings.Sum(text => text.Length - 1), task.Baseline("grammar"), 1e-12);
        Assert.True(task.Baseline("memoryless") > task.Baseline("grammar"));
    }

    [Fact]
    public void A_string_is_right_where_all_legal_successors_are_above_the_others()
    {
        // BTBTXSETE: after its symbols may come TP, B, TP, SX, XS, E, T, E.
        var symbols = "BTBTXSETE".Select(c => (long)"BTPSXVE".IndexOf(c)).ToArray();
        string[] legal = ["TP", "B", "TP", "SX", "XS", "E", "T", "E"];
        var outputs = legal.SelectMany(set => "BTPSXVE".Select(c => set.Contains(c) ? 1.0 : 0)).ToArray();
        Assert.Equal([("reber_legal", 1.0), ("reber_second_to_last", 1.0)], Judge(symbols, outputs));
        outputs[4 * 7 + 5] = 1; // V is not legal after BTBTX, and no longer below what is
        Assert.Equal([("reber_legal", 0.0), ("reber_second_to_last", 1.0)], Judge(symbols, outputs));
        outputs[4 * 7 + 5] = 0;
        outputs[6 * 7 + 2] = 2; // P instead of the second-to-last T
        Assert.Equal([("reber_legal", 0.0), ("reber_second_to_last", 0.0)], Judge(symbols, outputs));
        Assert.Empty(new ReberMetric(true).Values());
    }

    private static (string, double)[] Judge(long[] symbols, double[] outputs)
    {
        var metric = new ReberMetric(embedded: true);
        var tokens = outputs.Chunk(7).Select(row => (long)Array.IndexOf(row, row.Max())).ToArray();
        metric.Add(new(new TokenSteps(symbols[..^1]), new TokenSteps(symbols[1..])), new(outputs, 7, tokens));
        return [.. metric.Values()];
    }

    private static int Ways(string beginning) => "BTPSXVE".Count(c => IsBeginning(beginning + c));

    private static bool Accepts(string text) => IsBeginning(text) && text.EndsWith('E');

    private static bool IsBeginning(string text)
    {
        try
        {
            ReberGrammar.Plain.Successors([.. text.Select(c => (long)"BTPSXVE".IndexOf(c))]);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Strings(IEnumerable<Example> examples)
        => examples.Select(example => string.Concat(example.Input().Append(example.Target()[^1]).Select(token => "BTPSXVE"[(int)token])));
}
