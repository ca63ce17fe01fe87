using RnnLab.Experiments;

namespace RnnLab.Tests.Training;

public sealed class LanguageModelTrainerTests
{
    [Fact]
    public void Every_update_is_forced_as_the_schedule_says_and_the_value_is_told()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("t.txt"), string.Concat(Enumerable.Repeat("abcab ", 60)));
        File.WriteAllText(folder.File("x.yaml"), """
            task: {text: t.txt}
            model: {cell: gru, hidden_size: 4}
            training: {steps: 4, k1: 5, batch_size: 2, forcing: {schedule: linear, c: 0.125, coin: sequence}}
            threads: 1
            """);
        var config = ExperimentConfig.Load(folder.File("x.yaml"));
        using var experiment = (LanguageModelExperiment)Experiment.Create(config);
        using var optimizer = config.Training.Optimizer.Create(experiment.Model.named_parameters());
        using var trainer = experiment.NewTrainer(optimizer);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(1 - 0.125 * i, trainer.Advance().Forcing);
            Assert.Equal(config.Training.Forcing!.At(i, 0), experiment.Model.Forcing);
        }
    }
}
