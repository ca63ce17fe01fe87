using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks;

public sealed class BigramModelTests
{
    [Fact]
    public void The_cross_entropy_is_that_of_the_smoothed_counts()
    {
        // Training text 0 1 0 1 1 over V = 2: pairs 01 twice, 10 once, 11 once; 0 is a pair's first twice, 1 twice. With δ = 0.1:
        //   p(1 | 0) = 2.1 / 2.2    p(0 | 0) = 0.1 / 2.2    p(0 | 1) = 1.1 / 2.2
        // The text 0 1 0 0 has the pairs 01, 10 and 00.
        var model = new BigramModel([new long[] { 0, 1, 0, 1, 1 }], 2);
        var expected = -(Math.Log(2.1 / 2.2) + Math.Log(1.1 / 2.2) + Math.Log(0.1 / 2.2)) / 3;
        Assert.Equal(expected, model.CrossEntropy([new long[] { 0, 1, 0, 0 }]), 1e-14);
    }

    [Fact]
    public void No_pair_reaches_from_one_stretch_into_the_next()
    {
        // Pairs 00 and 11 alone, each once: p(0 | 0) = p(1 | 1) = 1.1 / 1.2.
        var model = new BigramModel([new long[] { 0, 0 }, new long[] { 1, 1 }], 2);
        Assert.Equal(-Math.Log(1.1 / 1.2), model.CrossEntropy([new long[] { 0, 0 }, new long[] { 1, 1 }]), 1e-14);
    }

    [Fact]
    public void A_character_that_no_pair_starts_with_is_followed_by_all_alike()
        => Assert.Equal(Math.Log(4), new BigramModel([new long[] { 0, 1 }], 4).CrossEntropy([new long[] { 3, 2 }]), 1e-14);

    [Fact]
    public void A_text_without_a_pair_is_refused()
        => Assert.Throws<ArgumentException>(() => new BigramModel([new long[] { 0, 1 }], 2).CrossEntropy([new long[] { 0 }]));
}
