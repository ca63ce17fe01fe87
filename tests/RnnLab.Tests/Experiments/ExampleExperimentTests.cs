using RnnLab.Experiments;
using RnnLab.Training;

namespace RnnLab.Tests.Experiments;

public sealed class ExampleExperimentTests : IDisposable
{
    private const string Model = "name: recurrent, cell: gru, hidden_size: 4, num_layers: 2", Decoder = "name: encoder_decoder, cell: gru, hidden_size: 4";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Further_sets_have_figures_of_their_own_when_the_training_is_at_its_end()
    {
        using var experiment = Create("name: anbn, n: 4, test_n: 6", Model);
        var sets = experiment.Task.Evaluation.Select(set => Of(experiment, set.Examples)).ToArray();
        Assert.NotEqual(sets[0].Loss, sets[1].Loss);

        var during = experiment.Evaluate(isLast: false);
        Assert.Equal(sets[0].Loss, during.Loss);
        Assert.Equal(sets[0].Measures.OrderBy(p => p.Key, StringComparer.Ordinal), during.Measures);

        var last = experiment.Evaluate(isLast: true);
        Assert.Equal(sets[0].Loss, last.Loss);
        var further = sets[1].Measures.ToDictionary(p => $"up_to_6_{p.Key}", p => p.Value);
        further["up_to_6_loss"] = sets[1].Loss;
        Assert.Equal(sets[0].Measures.Concat(further).OrderBy(p => p.Key, StringComparer.Ordinal), last.Measures);
    }

    [Fact]
    public void Dropout_has_no_part_in_free_running()
    {
        const string Sine = "name: sine, length: 20, validation_examples: 5", Evaluation = "free_running: 4, warm_up: 6";
        using var plain = Create(Sine, Model, Evaluation);
        using var dropping = Create(Sine, $"{Model}, dropout: 0.5", Evaluation);
        dropping.Model.train();
        var measures = dropping.Evaluate(isLast: true).Measures;
        Assert.Contains("mse_at_4", measures.Keys);
        Assert.Equal(plain.Evaluate(isLast: true).Measures, measures);
        Assert.True(dropping.Model.training);
    }

    [Fact]
    public void The_order_of_the_examples_is_the_seed_s()
    {
        var (train, valid) = (WritePairs("train.tsv", 12), WritePairs("valid.tsv", 12));
        double[] Losses(int seed)
        {
            using var experiment = Create($"name: tsv_pairs, file: {train}, validation_file: {valid}", Decoder, seed: seed);
            // Of all seeds the same, so that losses differ by their examples alone.
            using (no_grad())
                foreach (var parameter in experiment.Model.parameters())
                    parameter.fill_(0.1);
            using var optimizer = experiment.Config.Training.Optimizer.Create(experiment.Model.named_parameters());
            using var trainer = experiment.NewTrainer(optimizer);
            for (var i = 0; i < 4; i++)
                trainer.Advance();
            return [.. trainer.Read().Select(measure => measure.Loss)];
        }
        Assert.Equal(Losses(1), Losses(1));
        Assert.NotEqual(Losses(1), Losses(2));
    }

    [Fact]
    public void A_run_does_not_go_on_with_other_data()
    {
        var file = WritePairs("train.tsv", 12);
        var config = Config($"name: tsv_pairs, file: {file}", Decoder);
        string run;
        using (var begun = TrainingRun.Start(config, _folder.File("runs")))
            run = begun.Directory.Path;
        using (TrainingRun.Resume(run, null, []))
        {
        }
        File.AppendAllText(file, "ab\tba\n");
        Assert.Contains("train.tsv: task.file is not what the run", Assert.Throws<UserException>(() => TrainingRun.Resume(run, null, [])).Message);
    }

    private static ExampleEvaluation Of(ExampleExperiment experiment, RnnLab.Tasks.IExamples examples)
        => ExampleEvaluation.Of(experiment.Model, experiment.Task, examples, experiment.Config.Evaluation.BatchSize, ScalarType.Float64, CPU);

    /// <summary>Pairs of unequal lengths.</summary>
    private string WritePairs(string name, int count)
    {
        File.WriteAllLines(_folder.File(name), Enumerable.Range(1, count).Select(n => $"{new string('a', n)}b\t{new string('b', n)}a"));
        return _folder.File(name);
    }

    private ExampleExperiment Create(string task, string model, string evaluation = "samples: 0", int seed = 1)
        => ExampleExperiment.Create(Config(task, model, evaluation, seed));

    private ExperimentConfig Config(string task, string model, string evaluation = "samples: 0", int seed = 1)
    {
        File.WriteAllText(_folder.File("x.yaml"), $$"""
            task: {{{task}}}
            model: {{{model}}}
            training: {steps: 4, batch_size: 1}
            evaluation: {{{evaluation}}}
            dtype: float64
            seed: {{seed}}
            threads: 1
            """);
        return ExperimentConfig.Load(_folder.File("x.yaml"));
    }
}
