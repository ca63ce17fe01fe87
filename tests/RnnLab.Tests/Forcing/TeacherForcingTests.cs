using RnnLab.Forcing;

namespace RnnLab.Tests.Forcing;

public sealed class TeacherForcingTests
{
    [Theory]
    [InlineData(0.0), InlineData(0.3), InlineData(0.9), InlineData(1.0)]
    public void Coins_fall_on_the_truth_as_often_as_the_probability_says(double probability)
    {
        var forcing = new TeacherForcing(probability, Seed: 4);
        var truths = Enumerable.Range(0, 400).Sum(t => forcing.Truth(0, t, 100).Count(truth => truth));
        // Of 40000 coins, five standard deviations at most of 100 each.
        Assert.InRange(truths, 40000 * probability - 500, 40000 * probability + 500);
        Assert.Equal(probability == 1, forcing.IsAlways);
        if (probability is 0 or 1)
            Assert.Equal(40000 * probability, truths);
    }

    [Fact]
    public void Coins_and_draws_depend_on_the_time_steps_number_alone_and_not_on_where_the_pass_begins()
    {
        var forcing = new TeacherForcing(0.5, Seed: 4);
        for (var t = 0; t < 20; t++)
        {
            Assert.Equal(forcing.Truth(100, t, 30), forcing.Truth(100 - t, 2 * t, 30));
            Assert.Equal(forcing.Draws(100, t, 30), forcing.Draws(100 + t, 0, 30));
        }
        Assert.NotEqual(forcing.Truth(0, 1, 60), forcing.Truth(0, 2, 60));
        Assert.NotEqual(forcing.Truth(0, 1, 60), new TeacherForcing(0.5, Seed: 5).Truth(0, 1, 60));
        Assert.All(forcing.Draws(0, 3, 1000), draw => Assert.InRange(draw, 0, 1));
    }

    [Fact]
    public void A_coin_for_a_sequence_is_one_for_all_of_its_steps()
    {
        var forcing = new TeacherForcing(0.5, CoinUnit.Sequence, Seed: 4);
        var first = forcing.Truth(7, 0, 1000);
        Assert.All(Enumerable.Range(1, 20), t => Assert.Equal(first, forcing.Truth(7, t, 1000)));
        Assert.InRange(first.Count(truth => truth), 420, 580);
        Assert.NotEqual(first, forcing.Truth(8, 0, 1000));
    }

    [Fact]
    public void Another_probability_keeps_the_coins()
    {
        var (low, high) = (new TeacherForcing(0.3, Seed: 4), new TeacherForcing(0.3, Seed: 4) with { Probability = 0.6 });
        Assert.Equal(new TeacherForcing(0.6, Seed: 4).Truth(0, 5, 200), high.Truth(0, 5, 200));
        Assert.All(low.Truth(0, 5, 200).Zip(high.Truth(0, 5, 200)), coin => Assert.True(coin.Second || !coin.First));
    }

    [Fact]
    public void What_is_drawn_has_nothing_to_do_with_the_coin()
    {
        var forcing = new TeacherForcing(0.5, Seed: 4);
        var low = Enumerable.Range(0, 100).Sum(t => forcing.Truth(0, t, 100).Zip(forcing.Draws(0, t, 100)).Count(p => !p.First && p.Second < 0.5));
        // A quarter of 10000, within five standard deviations of 43.
        Assert.InRange(low, 2500 - 215, 2500 + 215);
    }

    [Fact]
    public void A_probability_out_of_range_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TeacherForcing(1.01));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TeacherForcing(0.5) with { Probability = -0.01 });
    }
}
