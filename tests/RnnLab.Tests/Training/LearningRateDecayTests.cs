using RnnLab.Training;

namespace RnnLab.Tests.Training;

public sealed class LearningRateDecayTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(9, 0)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(50, 41)]
    public void From_the_end_of_its_epoch_on_each_epoch_decays_the_rate_once(long epochs, int decays)
        => Assert.Equal(2e-3 * Math.Pow(0.97, decays), new LearningRateDecay(2e-3, 0.97, 10).At(epochs), 1e-18);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.25)]
    [InlineData(3, 0.125)]
    public void Without_an_epoch_to_wait_for_the_first_epoch_decays_once(long epochs, double expected)
    {
        Assert.Equal(expected, new LearningRateDecay(1, 0.5).At(epochs));
        Assert.Equal(expected, new LearningRateDecay(1, 0.5, 1).At(epochs));
    }

    [Fact]
    public void A_factor_of_1_keeps_the_rate() => Assert.Equal(2e-3, new LearningRateDecay(2e-3).At(1000));
}
