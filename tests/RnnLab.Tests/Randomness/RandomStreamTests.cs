using RnnLab.Randomness;

namespace RnnLab.Tests.Randomness;

/// <summary>The counter-based generator.</summary>
public sealed class RandomStreamTests
{
    [Theory]
    // The known-answer vectors that Random123 (Salmon et al. 2011) publishes for philox4x32, 10 rounds.
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U)]
    [InlineData(0xffffffffffffffffUL, 0xffffffffffffffffUL, 0xffffffffffffffffUL, 0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU)]
    [InlineData(0x299f31d0a4093822UL, 0x0370734413198a2eUL, 0x85a308d3243f6a88UL, 0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U)]
    public void Philox_gives_the_published_answers(ulong key, ulong high, ulong low, uint a, uint b, uint c, uint d)
        => Assert.Equal((a, b, c, d), Philox.Block(key, high, low));

    [Fact]
    public void A_draw_depends_on_seed_name_event_and_index_and_nothing_else()
    {
        var stream = new RandomStream(1, "a");
        var u = stream.Uniform(3, 4);
        stream.Uniform(9);
        Assert.Equal(u, new RandomStream(1, "a").Uniform(3, 4));
        Assert.NotEqual(u, new RandomStream(2, "a").Uniform(3, 4));
        Assert.NotEqual(u, new RandomStream(1, "b").Uniform(3, 4));
        Assert.NotEqual(u, stream.Uniform(4, 4));
        Assert.NotEqual(u, stream.Uniform(3, 5));
    }

    [Fact]
    public void Uniform_and_normal_numbers_have_their_moments()
    {
        using var scope = NewDisposeScope();
        var stream = new RandomStream(1, "moments");
        var (u, n) = (stream.Uniform([10000], 0, 1), stream.Normal([10000]));
        // Standard errors at 10,000 draws: .003 for the uniform mean, .01 for the normal one.
        Assert.InRange(u.mean().item<double>(), 0.488, 0.512);
        Assert.InRange(u.min().item<double>(), 0, 0.01);
        Assert.InRange(u.max().item<double>(), 0.99, 1);
        Assert.InRange(n.mean().item<double>(), -0.04, 0.04);
        Assert.InRange(n.square().mean().item<double>(), 0.94, 1.06);
    }

    [Theory]
    [InlineData(1), InlineData(3), InlineData(4), InlineData(7), InlineData(4001)]
    public void A_mask_is_filled_to_its_end_and_a_longer_one_starts_alike(int length)
    {
        var stream = new RandomStream(1, "mask");
        var (mask, longer) = (new float[length], new float[length + 5]);
        Array.Fill(mask, float.NaN);
        stream.FillMask(mask, 0.5, 2, 7);
        stream.FillMask(longer, 0.5, 2, 7);
        Assert.All(mask, m => Assert.True(m is 0 or 2));
        Assert.Equal(mask, longer[..length]);
    }
}
