using RnnLab.Experiments;
using RnnLab.Tasks;
using RnnLab.Tests.Runs;

namespace RnnLab.Tests.Training;

/// <summary>The same of trainings on examples: which ones, masks, coins and metrics are functions of the step.</summary>
public sealed class StoppedExampleTests : IDisposable
{
    private const int Steps = 5;
    private readonly TemporaryFolder _folder = new();

    /// <summary>Every task that is generated, with a small model.</summary>
    public static TheoryData<string> GeneratedTasks => [.. ClassicalTasks.All.Concat(PatternTasks.All).Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(GeneratedTasks))]
    public void Training_on_any_generated_task_goes_on_bit_for_bit(string task)
    {
        var kind = TaskCatalogue.Find(task)!;
        var few = string.Concat(new[] { "validation_examples: 7", "validation_points: 300" }.Where(key => kind.Settings.Any(s => key.StartsWith(s.Name + ":", StringComparison.Ordinal))).Select(key => $", {key}"));
        var isDecoder = kind.Create(Load($"task: {{name: {task}{few}}}").Values, null).Shape.Place == TargetPlace.OwnSteps;
        Check($$"""
            task: {name: {{task}}{{few}}}
            model: {name: {{(isDecoder ? "encoder_decoder, attention: none" : "recurrent")}}, cell: gru, hidden_size: 6}
            """);
    }

    [Theory]
    [InlineData("task: {name: reversal, examples: 11}", "name: encoder_decoder, attention: luong_general, input_feeding: true, num_layers: 2, dropout: 0.3", "bucketing: true, forcing: {schedule: inverse_sigmoid, k: 2}")]
    [InlineData("task: {name: sorting, examples: 20}", "name: encoder_decoder, bidirectional: true, zoneout_h: 0.2", "forcing: {schedule: piecewise, at: [0, 4], probabilities: [0.9, 0.2], per: epoch, coin: sequence, feedback: sample}")]
    [InlineData("task: {name: sine, length: 20}", "num_layers: 2, dropout: 0.2, weight_drop: 0.2", "forcing: {schedule: constant, probability: 0.5, feedback_gradient: true}")]
    [InlineData("task: {name: reviews, examples: 30}", "input: embedding, embedding_size: 5, bidirectional: true, readout: max", "bucketing: true, loss: sum_over_time, tape_memory: sqrt")]
    [InlineData("task: {name: captions}", "name: encoder_decoder, attention: none, later_inputs: zeros", "batch_size: 3")]
    public void Masks_coins_and_orders_go_on_bit_for_bit(string task, string model, string training)
        => Check($"{task}\nmodel: {{{model}, cell: gru, hidden_size: 6}}", training);

    [Theory]
    [InlineData("memoryless, num_layers: 2")]
    [InlineData("window, window_size: 3, nonlinearity: relu")]
    [InlineData("untied_rnn, max_length: 30")]
    public void Models_without_cells_go_on_bit_for_bit(string model)
        => Check($"task: {{name: right_context, length: 30, validation_examples: 9}}\nmodel: {{name: {model}, hidden_size: 6}}");

    public void Dispose() => _folder.Dispose();

    private void Check(string taskAndModel, string training = "batch_size: 4")
    {
        var yaml = $"{taskAndModel}\ntraining: {{steps: {Steps}, {training}, log_interval: 1, checkpoint_interval: 2, clip_norm: 1}}\nevaluation: {{interval: 3, samples: 2}}\nthreads: 1\n";
        StoppedRun.RequireEqualToWhole(ExperimentConfig.Load(Write(yaml)), _folder.File("runs"), Steps);
    }

    private ExampleTaskConfig Load(string yaml) => (ExampleTaskConfig)ExperimentConfig.Load(Write(yaml)).Task;

    private string Write(string yaml)
    {
        File.WriteAllText(_folder.File("x.yaml"), yaml);
        return _folder.File("x.yaml");
    }
}
