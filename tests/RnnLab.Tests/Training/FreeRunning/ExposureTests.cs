using RnnLab.Cells;
using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Randomness;
using RnnLab.Recurrence;
using RnnLab.Training.FreeRunning;

namespace RnnLab.Tests.Training.FreeRunning;

public sealed class ExposureTests
{
    private const int V = 9;

    private static LanguageModel Model(double dropout = 0)
    {
        var rnn = RecurrentStack.Create(() => new LstmCell(6), 5, 2, dropout, new Initialization { Range = 1 }, 3, true, ScalarType.Float64, CPU);
        return new(new Embedding(V, 5, 3, 1, ScalarType.Float64, CPU), rnn, new Linear(rnn.OutputSize, V, 3, range: 1, dtype: ScalarType.Float64, device: CPU));
    }

    private static long[] Text(int count, string name = "text")
        => [.. Enumerable.Range(0, count).Select(i => (long)(new RandomStream(5, name).Uniform((ulong)i) * V))];

    /// <summary>The loss of m tokens after w true ones and n of the model's likeliest, a stretch alone, token by token.</summary>
    private static double Naive(LanguageModel model, ReadOnlySpan<long> stretch, int w, int limit, int n, int m)
    {
        var (state, logits, nats) = (model.ZeroState(1), Array.Empty<double>(), 0.0);
        for (var t = limit - n; t < limit + w + m; t++)
        {
            if (t >= limit + w)
                nats += Math.Log(logits.Sum(Math.Exp)) - logits[stretch[(int)t]];
            var isOwn = t >= limit - n + w && t < limit + w;
            var token = isOwn ? Array.IndexOf(logits, logits.Max()) : stretch[t];
            (var next, state) = model.Step(tensor([token]), state);
            logits = next.data<double>().ToArray();
        }
        return nats / m;
    }

    [Theory]
    [InlineData(4, 5, 3), InlineData(1, 1, 1), InlineData(3, 8, 2)]
    public void Losses_equal_those_of_a_loop_over_single_tokens(int w, int limit, int m)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        model.eval();
        // Ten stretches where there are as many places.
        var text = Text(w + limit + m + 9);
        var measurement = new ExposureMeasurement(w, limit, m, 100, FeedbackChoice.Argmax);
        var rows = measurement.Of(model, [text]).Rows;
        Assert.Equal(limit switch { 5 => [0, 1, 2, 4, 5], 1 => [0, 1], _ => [0, 1, 2, 4, 8] }, rows.Select(row => row.Generated));
        foreach (var row in rows)
            Assert.Equal(Enumerable.Range(0, 10).Average(b => Naive(model, text.AsSpan(b, w + limit + m), w, limit, row.Generated, m)), row.Nats, 1e-12);
    }

    [Fact]
    public void Stretches_are_spread_over_all_parts_that_are_long_enough()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        long[][] parts = [Text(12, "a"), Text(5, "short"), Text(13, "b")];
        var measurement = new ExposureMeasurement(4, 4, 3, Stretches: 3, FeedbackChoice.Argmax);
        var rows = measurement.Of(model, [.. parts.Select(part => (ReadOnlyMemory<long>)part)]).Rows;
        // Places 0 and 1 of the first part and 0, 1, 2 of the last: of the five the places 0, 1 and 3.
        (int Part, int Place)[] places = [(0, 0), (0, 1), (2, 1)];
        Assert.Equal(places.Average(at => Naive(model, parts[at.Part].AsSpan(at.Place, 11), 4, 4, 2, 3)), rows[2].Nats, 1e-12);
    }

    [Fact]
    public void Sampled_tokens_repeat_with_the_seed_and_dropout_has_no_part()
    {
        using var scope = NewDisposeScope();
        using var model = Model(dropout: 0.5);
        using var plain = Model();
        model.train();
        var text = Text(60);
        ExposureBias Of(LanguageModel measured, ulong seed) => new ExposureMeasurement(4, 8, 3, 10, FeedbackChoice.Sample, seed).Of(measured, [text]);
        Assert.Equal(Of(plain, 1).Rows, Of(model, 1).Rows);
        Assert.True(model.training);
        Assert.Equal(Of(model, 1).Rows[0], Of(model, 2).Rows[0]);
        Assert.NotEqual(Of(model, 1).Rows[4], Of(model, 2).Rows[4]);
    }

    [Fact]
    public void Losses_have_names_and_make_a_curve()
    {
        var bias = new ExposureBias([new(0, 1.5), new(1, 1.75)]);
        Assert.Equal([("nats_after_0", 1.5), ("nats_after_1", 1.75)], bias.Values());
        Assert.Equal([0, 1], bias.Series("model").X);
        Assert.Equal([1.5, 1.75], bias.Series("model").Y);
    }

    [Fact]
    public void A_text_that_is_too_short_and_numbers_that_are_not_positive_are_refused()
    {
        using var model = Model();
        var error = Assert.Throws<UserException>(() => new ExposureMeasurement(4, 4, 3).Of(model, [Text(10)]));
        Assert.Contains("10 tokens in one piece, 11 are needed", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExposureMeasurement(WarmUp: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExposureMeasurement(Limit: 0));
    }
}
