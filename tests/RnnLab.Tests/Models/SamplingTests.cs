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
    public void Unreasonable_settings_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampling(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampling(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampling(1, -1));
    }
}
