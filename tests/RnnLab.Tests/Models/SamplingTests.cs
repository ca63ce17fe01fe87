using RnnLab.Models;
using RnnLab.Randomness;

namespace RnnLab.Tests.Models;

/// <summary>Drawing tokens.</summary>
public sealed class SamplingTests
{
    private static readonly double[] Logits = [Math.Log(0.5), Math.Log(0.1), Math.Log(0.4)];

    [Fact]
    public void Draws_have_the_models_probabilities()
    {
        var (sampling, stream, counts) = (new Sampling(), new RandomStream(1, "test"), new int[3]);
        for (var i = 0UL; i < 20_000; i++)
            counts[sampling.Draw(Logits, stream.Uniform(i))]++;
        // Standard error of a frequency at most √(.25/20000) = .0035.
        Assert.InRange(counts[0] / 20000.0, 0.486, 0.514);
        Assert.InRange(counts[1] / 20000.0, 0.086, 0.114);
    }

    [Fact]
    public void A_temperature_sharpens_as_its_formula_says()
    {
        // At temperature 1/2 the weights are squared: .25 .01 .16 of .42; in order of size 0, 2, 1.
        var sampling = new Sampling(Temperature: 0.5);
        Assert.Equal(0, sampling.Draw(Logits, 0.25 / 0.42 - 1e-9));
        Assert.Equal(2, sampling.Draw(Logits, 0.25 / 0.42 + 1e-9));
        Assert.Equal(2, sampling.Draw(Logits, 0.41 / 0.42 - 1e-9));
        Assert.Equal(1, sampling.Draw(Logits, 0.41 / 0.42 + 1e-9));
    }

    [Fact]
    public void Top_k_draws_only_among_the_likeliest()
    {
        var (sampling, stream) = (new Sampling(TopK: 2), new RandomStream(1, "test"));
        for (var i = 0UL; i < 1000; i++)
            Assert.NotEqual(1, sampling.Draw(Logits, stream.Uniform(i)));
        Assert.Equal(0, new Sampling(TopK: 1).Draw(Logits, 0.999));
        Assert.Equal(1, new Sampling(TopK: 99).Draw(Logits, 0.9999999));
    }

    [Fact]
    public void A_temperature_of_zero_takes_the_likeliest_and_of_equals_the_first()
    {
        Assert.Equal(0, new Sampling(0).Draw(Logits, 0.99));
        Assert.Equal(1, new Sampling(0).Draw([1, 2, 2], 0.99));
    }

    [Fact]
    public void Top_p_draws_only_from_the_smallest_set_that_reaches_it()
    {
        // In order of size .5 .4 .1: to reach .45 takes token 0, .6 takes 0 and 2, .95 all.
        Assert.Equal(0, new Sampling(TopP: 0.45).Draw(Logits, 0.999));
        Assert.Equal(2, new Sampling(TopP: 0.6).Draw(Logits, 0.999));
        Assert.Equal(1, new Sampling(TopP: 0.95).Draw(Logits, 0.999));
        // What is left is drawn in proportion: .5 of .9.
        Assert.Equal(0, new Sampling(TopP: 0.6).Draw(Logits, 0.5 / 0.9 - 1e-9));
        Assert.Equal(2, new Sampling(TopP: 0.6).Draw(Logits, 0.5 / 0.9 + 1e-9));
    }

    [Fact]
    public void Top_p_is_of_the_distribution_after_temperature_and_top_k()
    {
        // Squared: .25 .16 .01 of .42, of which .25 is .595: the nucleus of .59 is token 0, at temperature 1 it is two tokens.
        Assert.Equal(0, new Sampling(Temperature: 0.5, TopP: 0.59).Draw(Logits, 0.999));
        Assert.Equal(2, new Sampling(TopP: 0.59).Draw(Logits, 0.999));
        // Of the two likeliest, .5 of .9 is .556.
        Assert.Equal(0, new Sampling(TopK: 2, TopP: 0.55).Draw(Logits, 0.999));
        Assert.Equal(2, new Sampling(TopP: 0.55).Draw(Logits, 0.999));
    }

    public static TheoryData<double, int, double> Settings => new()
    {
        { 1, 0, 1 }, { 0.3, 0, 1 }, { 2, 5, 1 }, { 1, 0, 0.5 }, { 0.7, 10, 0.9 }, { 1, 99, 0.01 }, { 0, 0, 1 }, { 0, 3, 0.5 },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public void Rows_drawn_together_are_those_drawn_one_by_one(double temperature, int topK, double topP)
    {
        using var scope = NewDisposeScope();
        const int R = 200, V = 23;
        var sampling = new Sampling(temperature, topK, topP);
        // Rounded, so that some are equal.
        var logits = new RandomStream(1, "logits").Uniform([R, V], -3, 3).mul(4).round().div(4);
        var u = new RandomStream(1, "u").Uniform([R], 0, 1);
        var (values, draws) = (logits.data<double>().ToArray(), u.data<double>().ToArray());
        var expected = Enumerable.Range(0, R).Select(r => sampling.Draw(values.AsSpan(r * V, V), draws[r]));
        Assert.Equal(expected, sampling.Draw(logits, u).data<long>().ToArray());
        Assert.Equal(expected, sampling.Draw(logits.to(ScalarType.Float32), u).data<long>().ToArray());
    }

    [Fact]
    public void The_greatest_number_draws_the_last_token_of_the_set()
    {
        using var scope = NewDisposeScope();
        var u = tensor(new[] { Math.BitDecrement(1.0) });
        Assert.Equal(1, new Sampling().Draw(tensor(Logits).unsqueeze(0), u).item<long>());
        Assert.Equal(2, new Sampling(TopP: 0.6).Draw(tensor(Logits).unsqueeze(0), u).item<long>());
        Assert.Equal(2, new Sampling(TopP: 0.6).Draw(Logits, Math.BitDecrement(1.0)));
        Assert.Throws<ArgumentException>(() => new Sampling().Draw(tensor(Logits), u));
    }

    [Fact]
    public void Unreasonable_settings_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampling(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampling(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampling(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampling(TopP: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampling(TopP: 1.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampling(TopP: double.NaN));
    }
}
