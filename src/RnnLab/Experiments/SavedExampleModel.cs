using RnnLab.Experiments.Runs;
using RnnLab.Kernels;
using RnnLab.Models;
using RnnLab.Tasks;
using RnnLab.Training;
using RnnLab.Training.FreeRunning;

namespace RnnLab.Experiments;

/// <summary>A run's model of a task with examples, to evaluate and to use.</summary>
public sealed class SavedExampleModel : SavedRun
{
    private readonly ExampleTaskConfig _config;
    private readonly TaskRecord? _record;
    private ExampleTask? _task;

    private SavedExampleModel(RunDirectory run, ExperimentConfig config, TaskRecord? record, TaskShape? shape, Device device) : base(run, config, device)
    {
        (_config, _record) = ((ExampleTaskConfig)config.Task, record);
        Model = ExampleModels.New(config, shape ?? Task.Shape, device);
    }

    /// <summary>The model.</summary>
    public BatchModel Model { get; }

    /// <inheritdoc/>
    public override nn.Module Module => Model;

    /// <summary>The task with its data, which are read when this is asked for.</summary>
    /// <exception cref="UserException">They are gone, or have changed since the run began.</exception>
    public ExampleTask Task => _task ??= TaskRecordFile.Open(_config, _record, Directory);

    /// <summary>How lines become sequences, which needs no data; null where examples are no lines of text.</summary>
    public PairText? Text => _config.Kind.Text?.Invoke(_config.Values, _record);

    /// <summary>The figures on every set of examples, by the set's name.</summary>
    /// <param name="batchSize">Examples side by side.</param>
    public IReadOnlyList<(string Set, long Count, ExampleEvaluation Result)> Evaluate(int batchSize)
    {
        using var kernel = KernelChoice.Use(Config.Kernel);
        return
        [
            .. Task.Evaluation.Select(set => (set.Name, set.Examples.Count!.Value, ExampleEvaluation.Of(Model, Task, set.Examples, batchSize, Config.ElementType, Device))),
        ];
    }

    /// <summary>How the model goes on by itself, as the run's config asks; null where it does not.</summary>
    public HorizonErrors? FreeRunning()
    {
        using var kernel = KernelChoice.Use(Config.Kernel);
        return Config.Evaluation.FreeRunning > 0 ? ExampleExperiment.FreeRunning(Config, Model, Task, Device) : null;
    }

    /// <summary>What the model says to the first examples of the validation part, as text.</summary>
    public string Answers(int count)
    {
        using var kernel = KernelChoice.Use(Config.Kernel);
        return ExampleAnswers.Text(Model, Task, count, Config.ElementType, Device);
    }

    internal static SavedExampleModel Make(RunDirectory run, ExperimentConfig config, Device device)
    {
        var t = (ExampleTaskConfig)config.Task;
        var record = TaskRecordFile.Read(run);
        // Lines of text say what the model's form is; other data are asked for it.
        var shape = t.Kind.Text?.Invoke(t.Values, record) is { } text
            ? new TaskShape(new(ValueKind.Tokens, text.Input.Size), new(ValueKind.Tokens, text.Target.Size), TargetPlace.OwnSteps)
            : record?.Shape;
        return new(run, config, record, shape, device);
    }
}
