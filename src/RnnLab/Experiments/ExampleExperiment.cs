using RnnLab.Devices;
using RnnLab.Experiments.Runs;
using RnnLab.Forcing;
using RnnLab.Models;
using RnnLab.Plots;
using RnnLab.Tasks;
using RnnLab.Training;
using RnnLab.Training.FreeRunning;
using RnnLab.Training.Optimizers;

namespace RnnLab.Experiments;

/// <summary>A task with examples, and a model of it.</summary>
public sealed class ExampleExperiment : Experiment
{
    private IReadOnlyDictionary<string, double> _measures = new Dictionary<string, double>();
    private HorizonErrors? _horizon;

    private ExampleExperiment(ExperimentConfig config, ExampleTask task, BatchModel model, Device device) : base(config, device) => (Task, Model) = (task, model);

    /// <summary>The task.</summary>
    public ExampleTask Task { get; }

    /// <summary>The network.</summary>
    public BatchModel Model { get; }

    /// <inheritdoc/>
    public override nn.Module Module => Model;

    /// <inheritdoc/>
    public override string Unit => "targets/s";

    /// <inheritdoc/>
    public override string Description
    {
        get
        {
            var levels = Task.Baselines.Select(level => $"; {level.Name} {level.Loss:g4}");
            return $"{Config.Model.Description}, {Model.parameters().Sum(p => p.numel()):n0} parameters; {Config.Task.Name}: {Task.Description}{string.Concat(levels)}";
        }
    }

    /// <summary>Makes the parts.</summary>
    /// <exception cref="UserException">The data, the device, or the combination of task and model is not as it must be.</exception>
    public static new ExampleExperiment Create(ExperimentConfig config, RunDirectory? run = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var device = ComputeDevice.Open(config.Device, config.AllowTf32);
        var task = TaskRecordFile.Open((ExampleTaskConfig)config.Task, run is null ? null : TaskRecordFile.Read(run), run);
        RequireFit(config, task);
        ExampleModels.RequireTape(config);
        ExampleModels.RequireSteps(config, task);
        ExampleModelSize.RequireFits(config, task.Shape);
        return new(config, task, ExampleModels.New(config, task.Shape, device), device);
    }

    /// <inheritdoc/>
    public override Trainer NewTrainer(Optimizer optimizer)
        => new ExampleTrainer(Model, Task, optimizer, Config.Training.ExampleSettings(Config.Seed), Config.ElementType, Device);

    /// <inheritdoc/>
    public override void WriteRecord(RunDirectory run, bool isNew)
    {
        if (Task.Record is { } record)
            TaskRecordFile.Write(run, record with { Shape = Task.Shape });
    }

    /// <inheritdoc/>
    public override EvaluationReport Evaluate(bool isLast)
    {
        var measures = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var loss = double.NaN;
        // Other sets than the validation part, and free running, when the training is at its end.
        foreach (var (place, set) in Task.Evaluation.Take(isLast ? int.MaxValue : 1).Index())
        {
            var result = ExampleEvaluation.Of(Model, Task, set.Examples, Config.Evaluation.BatchSize, Config.ElementType, Device);
            if (place == 0)
                loss = result.Loss;
            else
                measures[$"{set.Name}_loss"] = result.Loss;
            foreach (var (name, value) in result.Measures)
                measures[place == 0 ? name : $"{set.Name}_{name}"] = value;
        }
        if (isLast && Config.Evaluation.FreeRunning > 0)
        {
            _horizon = FreeRunning(Config, Model, Task, Device);
            foreach (var (name, value) in _horizon.Values())
                measures[name] = value;
        }
        _measures = new SortedDictionary<string, double>(measures.Where(p => double.IsFinite(p.Value)).ToDictionary(), StringComparer.Ordinal);
        var shown = string.Concat(_measures.Select(p => $", {p.Key} {p.Value:0.####}"));
        var levels = string.Join(", ", Task.Baselines.Select(level => $"{level.Name} {level.Loss:0.0000}"));
        return new(loss, _measures, $"validation {loss:0.0000}{(levels.Length > 0 ? $" ({levels})" : "")}{shown}");
    }

    /// <inheritdoc/>
    public override void WriteSamples(RunDirectory run, long step)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (Config.Evaluation.Samples > 0)
            AtomicFile.WriteText(Path.Combine(run.SamplesPath, $"step-{step:d8}.txt"), ExampleAnswers.Text(Model, Task, Config.Evaluation.Samples, Config.ElementType, Device));
    }

    /// <inheritdoc/>
    public override ReportExtras Extras(double? bestLoss) => new()
    {
        Figures = [("model and task", Description), .. _measures.Select(p => (p.Key, $"{p.Value:0.######}"))],
        References = [.. Task.Baselines.Select(level => (level.Name, level.Loss))],
        ThroughputUnit = "targets/s",
        Charts = _horizon is null ? [] : [new LineChart { Title = "Error of going on by itself", XLabel = "steps ahead", YLabel = "squared error", Series = [_horizon.Series("model"), _horizon.PersistenceSeries()] }],
        LossUnit = Task.Shape.Target.Kind == ValueKind.Reals ? "squared error" : "nats",
    };

    /// <summary>How a model of a series goes on by itself over the validation part, as the config asks.</summary>
    internal static HorizonErrors FreeRunning(ExperimentConfig config, BatchModel model, ExampleTask task, Device device)
    {
        var (e, wasTraining) = (config.Evaluation, model.training);
        model.eval();
        try
        {
            return HorizonErrors.Of((IForecaster)model, task.Evaluation[0].Examples, e.WarmUp, e.FreeRunning, e.BatchSize, config.ElementType, device);
        }
        finally
        {
            model.train(wasTraining);
        }
    }

    private static void RequireFit(ExperimentConfig config, ExampleTask task)
    {
        var (t, endless) = (config.Training, task.Training.Count is null);
        if (endless && t.Epochs is not null)
            throw config.Error("training.epochs", $"the examples of {config.Task.Name} have no end; expected training.steps");
        if (endless && t.LearningRateDecay != 1)
            throw config.Error("training.learning_rate_decay", $"it acts at the end of a pass over the examples, and those of {config.Task.Name} have no end; expected 1");
        if (endless && t.Forcing?.Clock == ScheduleClock.Epoch)
            throw config.Error("training.forcing.per", $"the examples of {config.Task.Name} have no end; expected step");
        RequireFreeRunning(config, task);
        RequireForcing(config, task);
    }

    /// <summary>Now, and not when the training is at its end.</summary>
    private static void RequireFreeRunning(ExperimentConfig config, ExampleTask task)
    {
        var (e, validation) = (config.Evaluation, task.Evaluation[0].Examples);
        if (e.FreeRunning == 0)
            return;
        if (task.Shape is not { IsAutoregressive: true, Target.Kind: ValueKind.Reals })
            throw config.Error("evaluation.free_running", $"{config.Task.Name} is no series whose target is the next input, which a model could go on with; expected 0");
        if (config.Model.Name == SequenceModelConfig.Untied)
            throw config.Error("evaluation.free_running", $"{config.Model.Name} has no weights for steps beyond its own; expected 0");
        var needed = e.WarmUp + e.FreeRunning - 1;
        for (var i = 0L; i < validation.Count; i++)
            if (validation.InputLength(i) is var steps && steps < needed)
                throw config.Error(
                    "evaluation.free_running", $"validation example {i} has {steps} steps; expected warm_up ({e.WarmUp}) + free_running ({e.FreeRunning}) - 1 = {needed} at most {steps}");
    }

    private static void RequireForcing(ExperimentConfig config, ExampleTask task)
    {
        var t = config.Training;
        if (t.Forcing is null)
            return;
        if (task.Shape is not { Place: TargetPlace.OwnSteps } and not { IsAutoregressive: true, Target.Kind: ValueKind.Reals })
            throw config.Error("training.forcing", $"the model is never fed what it says to {config.Task.Name}; forcing is for language models, encoder_decoder, and series whose target is the next input");
        if (config.Model is SequenceModelConfig { Recurrence: null })
            throw config.Error("training.forcing", $"a model.name of {config.Model.Name} is trained on the truth alone; expected recurrent");
        if (config.Model is EncoderDecoderConfig { LaterInputs: LaterInputs.Zeros })
            throw config.Error("training.forcing", "with model.later_inputs: zeros no step is fed a token");
        if (task.Shape.Target.Kind == ValueKind.Tokens && t.Forcing.Forcing.FeedbackGradient)
            throw config.Error("training.forcing.feedback_gradient", "tokens carry no gradient; expected false");
        if (task.Shape.Target.Kind == ValueKind.Reals && t.Forcing.Forcing.Choice == FeedbackChoice.Sample)
            throw config.Error("training.forcing.feedback", "real values are fed back as they are, not drawn; expected argmax");
    }
}
