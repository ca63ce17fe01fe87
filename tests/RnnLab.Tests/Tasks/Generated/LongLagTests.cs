using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

/// <summary>Temporal order, noise-free long lag, copy memory, parity and tags by the right context.</summary>
public sealed class LongLagTests
{
    [Theory]
    [InlineData(2, "QRSU")]
    [InlineData(3, "QRSUVABC")]
    public void The_class_is_the_order_of_X_and_Y(int relevant, string classes)
    {
        var task = TemporalOrderTask.Kind.Make(("relevant", relevant));
        (int From, int To)[] places = relevant == 2 ? [(10, 20), (50, 60)] : [(10, 20), (33, 43), (66, 76)];
        var seen = new HashSet<string>();
        foreach (var example in task.Training.First(500))
        {
            var text = string.Concat(example.Input().Select(task.InputVocabulary!.Decode));
            Assert.InRange(text.Length, 100, 110);
            Assert.Matches("^E[abcdXY]+B$", text);
            var order = string.Concat(text.Where(symbol => symbol is 'X' or 'Y'));
            var steps = Enumerable.Range(0, text.Length).Where(t => text[t] is 'X' or 'Y').ToArray();
            Assert.Equal(relevant, steps.Length);
            for (var i = 0; i < relevant; i++)
                Assert.InRange(steps[i], places[i].From, places[i].To);
            // As published: XX Q, XY R, YX S, YY U; XXX Q, …, YYY C.
            var name = classes[Convert.ToInt32(order.Replace('X', '0').Replace('Y', '1'), 2)].ToString();
            Assert.Equal(name, task.TargetVocabulary!.Decode(example.Target()[0]));
            seen.Add(name);
        }
        Assert.Equal(classes.Length, seen.Count);
        Assert.Equal(Math.Log(classes.Length), task.Baseline("memoryless"), 1e-12);
    }

    [Fact]
    public void The_last_symbol_of_a_long_lag_is_the_first()
    {
        var task = LongLagTask.Kind.Make(("lag", 6));
        var texts = task.Training.First(200)
            .Select(example => string.Join(' ', example.Input().Append(example.Target()[^1]).Select(task.InputVocabulary!.Decode))).ToArray();
        Assert.Equal(["x a1 a2 a3 a4 a5 x", "y a1 a2 a3 a4 a5 y"], texts.Distinct().Order());
        Assert.All(task.Training.First(5), example => Assert.Equal(example.Input()[1..], example.Target()[..^1]));
        Assert.InRange(texts.Count(text => text[0] == 'x'), 70, 130);
        Assert.Equal(Math.Log(2) / 6, task.Baseline("memoryless"), 1e-15);
    }

    [Fact]
    public void Copy_is_as_published()
    {
        var task = CopyTask.Kind.Make();
        foreach (var example in task.Training.First(50))
        {
            var (input, target) = (Names(task.InputVocabulary!, example.Input()), Names(task.TargetVocabulary!, example.Target()));
            Assert.Equal((220, 220), (input.Length, target.Length));
            Assert.All(input[..10], name => Assert.InRange(int.Parse(name), 1, 8));
            Assert.Equal([.. Enumerable.Repeat("blank", 199), "delimiter", .. Enumerable.Repeat("blank", 10)], input[10..]);
            Assert.Equal([.. Enumerable.Repeat("blank", 210), .. input[..10]], target);
        }
        Assert.Equal(8, task.Training.First(50).SelectMany(example => example.Input()[..10]).Distinct().Count());
        Assert.Equal(0.0945, task.Baseline("memoryless"), 5e-5);
        Assert.Equal(0.0400, CopyTask.Kind.Make(("delay", 500)).Baseline("memoryless"), 5e-5);
        Assert.Equal(0.0204, CopyTask.Kind.Make(("delay", 1000)).Baseline("memoryless"), 5e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parity_is_that_of_the_ones(bool eachStep)
    {
        var task = ParityTask.Kind.Make(("each_step", eachStep));
        var odd = 0;
        foreach (var example in task.Training.First(1000))
        {
            var bits = example.Input();
            Assert.InRange(bits.Length, 20, 40);
            long[] parities = [.. Enumerable.Range(1, bits.Length).Select(length => bits[..length].Sum() % 2)];
            Assert.Equal(eachStep ? parities : parities[^1..], example.Target());
            odd += (int)parities[^1];
        }
        Assert.InRange(odd, 437, 563); // four standard deviations
        Assert.Equal(eachStep, task.Shape.IsCausal);
    }

    [Fact]
    public void A_tag_says_whether_the_symbol_to_the_right_is_higher()
    {
        var task = RightContextTask.Kind.Make(("length", 9), ("distance", 2), ("symbols", 5));
        Assert.False(task.Shape.IsCausal);
        foreach (var example in task.Training.First(100))
        {
            var symbols = example.Input();
            Assert.Equal([1, 1, 1, 1, 1, 1, 1, 0, 0], example.Weights!);
            for (var t = 0; t < 7; t++)
                Assert.Equal(symbols[t + 2] > symbols[t] ? "higher" : "not_higher", task.TargetVocabulary!.Decode(example.Target()[t]));
        }
    }

    [Fact]
    public void From_left_to_right_alone_the_tag_is_a_coin_by_the_present_symbol()
    {
        const int count = 4000, distance = 1, symbols = 4;
        var task = (RightContextTask)RightContextTask.Kind.Make(("length", 11), ("distance", distance), ("symbols", symbols));
        // What was counted on half of the examples answers the other half: its accuracy and loss can be over the ceiling by chance alone.
        var higher = new double[symbols, 2];
        foreach (var (symbol, tag) in task.Training.First(count).SelectMany(Scored))
            higher[symbol, tag]++;
        var (right, loss, scored) = (0, 0.0, 0);
        foreach (var (symbol, tag) in Enumerable.Range(count, count).SelectMany(i => Scored(task.Training[i])))
        {
            right += higher[symbol, tag] > higher[symbol, 1 - tag] ? 1 : 0;
            loss -= Math.Log((higher[symbol, tag] + 0.5) / (higher[symbol, 0] + higher[symbol, 1] + 1));
            scored++;
        }
        Assert.Equal(0.75, task.OneDirectionalAccuracy, 1e-12);
        Assert.Equal(0.4545, task.Baseline("one_directional"), 5e-5);
        Assert.Equal(task.OneDirectionalAccuracy, (double)right / scored, 0.012);
        Assert.Equal(task.Baseline("one_directional"), loss / scored, 0.012);
    }

    private static IEnumerable<(long Symbol, long Tag)> Scored(Example example)
        => Enumerable.Range(0, example.Input.Length).Where(t => example.Weights![t] == 1).Select(t => (example.Input()[t], example.Target()[t]));

    private static string[] Names(Vocabulary vocabulary, long[] tokens) => [.. tokens.Select(vocabulary.Decode)];
}
