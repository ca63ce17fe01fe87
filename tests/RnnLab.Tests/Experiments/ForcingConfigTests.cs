using RnnLab.Experiments;
using RnnLab.Experiments.Configuration;
using RnnLab.Forcing;
using RnnLab.Training;

namespace RnnLab.Tests.Experiments;

public sealed class ForcingConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, ForcingSchedule> Schedules => new()
    {
        { "schedule: always", new ConstantForcing(1) },
        { "schedule: never", new ConstantForcing(0) },
        { "schedule: constant, probability: 0.3", new ConstantForcing(0.3) },
        { "schedule: linear, k: 0.9, c: 0.02, epsilon: 0.1", new LinearForcing(0.9, 0.02, 0.1) },
        { "schedule: exponential, k: 0.99", new ExponentialForcing(0.99) },
        { "schedule: inverse_sigmoid, k: 7", new InverseSigmoidForcing(7) },
        { "schedule: piecewise, at: [2, 5, 6], probabilities: [1, 0.4, 0]", new PiecewiseForcing([(2, 1), (5, 0.4), (6, 0)]) },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Schedules))]
    public void A_schedule_reaches_its_place_and_is_the_same_when_the_resolved_config_is_read_again(string words, ForcingSchedule schedule)
    {
        var config = Load(Yaml(words));
        Assert.Equal(schedule, config.Training.Forcing!.Schedule);
        Assert.Equal(schedule, Load(YamlText.Write(config.ToTree())).Training.Forcing!.Schedule);
    }

    [Theory]
    [InlineData("per: step", ScheduleClock.Step, CoinUnit.Token, FeedbackChoice.Argmax, false)]
    [InlineData("per: epoch", ScheduleClock.Epoch, CoinUnit.Token, FeedbackChoice.Argmax, false)]
    [InlineData("coin: sequence", ScheduleClock.Step, CoinUnit.Sequence, FeedbackChoice.Argmax, false)]
    [InlineData("feedback: sample", ScheduleClock.Step, CoinUnit.Token, FeedbackChoice.Sample, false)]
    [InlineData("feedback_gradient: true", ScheduleClock.Step, CoinUnit.Token, FeedbackChoice.Argmax, true)]
    public void Every_choice_reaches_its_place_and_coins_are_those_of_the_config_s_seed(
        string words, ScheduleClock clock, CoinUnit coin, FeedbackChoice choice, bool gradient)
    {
        var config = Load(Yaml($"schedule: never, {words}"));
        foreach (var plan in new[] { config.Training.Forcing!, Load(YamlText.Write(config.ToTree())).Training.Forcing! })
        {
            var forcing = plan.Forcing;
            Assert.Equal((clock, coin, choice, gradient, 9UL), (plan.Clock, forcing.Coin, forcing.Choice, forcing.FeedbackGradient, forcing.Seed));
        }
    }

    private static string Yaml(string forcing) => $$"""
        task: {name: reversal, examples: 5}
        model: {name: encoder_decoder}
        training: {forcing: {{{forcing}}} }
        seed: 9
        """;

    private ExperimentConfig Load(string yaml)
    {
        File.WriteAllText(_folder.File("x.yaml"), yaml);
        return ExperimentConfig.Load(_folder.File("x.yaml"));
    }
}
