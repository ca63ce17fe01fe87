using RnnLab.Experiments.Runs;
using RnnLab.Training;
using RnnLab.Training.Optimizers;

namespace RnnLab.Experiments;

/// <summary>What an evaluation during a training says.</summary>
/// <param name="Loss">The loss on the validation part, which tells the best checkpoint.</param>
/// <param name="Measures">Further figures by name, all finite.</param>
/// <param name="Line">The figures as a line of text.</param>
public sealed record EvaluationReport(double Loss, IReadOnlyDictionary<string, double> Measures, string Line);

/// <summary>The parts that a config describes, made: data and a model.</summary>
public abstract class Experiment : IDisposable
{
    private protected Experiment(ExperimentConfig config, Device device) => (Config, Device) = (config, device);

    /// <summary>The config.</summary>
    public ExperimentConfig Config { get; }

    /// <summary>The device that the model is on.</summary>
    public Device Device { get; }

    /// <summary>The model.</summary>
    public abstract nn.Module Module { get; }

    /// <summary>A line on what is trained on what.</summary>
    public abstract string Description { get; }

    /// <summary>What throughput counts, for a progress line.</summary>
    public abstract string Unit { get; }

    /// <summary>Makes the parts, of the data that the config names or that a run was begun with.</summary>
    /// <param name="config">The config.</param>
    /// <param name="run">The run that goes on, or null for a new one.</param>
    /// <exception cref="UserException">Data, device or sizes are not as they must be.</exception>
    public static Experiment Create(ExperimentConfig config, RunDirectory? run = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Task is TextTaskConfig ? LanguageModelExperiment.Create(config, run) : ExampleExperiment.Create(config, run);
    }

    /// <summary>A trainer at step 0.</summary>
    public abstract Trainer NewTrainer(Optimizer optimizer);

    /// <summary>Writes down what a run needs to know of its data to go on.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isNew">Whether it begins, or goes on with data that may have moved.</param>
    public abstract void WriteRecord(RunDirectory run, bool isNew);

    /// <summary>Measures the model, which is left in training mode or not as it was.</summary>
    /// <param name="isLast">Whether the training ends here, when what takes longer is measured too.</param>
    public abstract EvaluationReport Evaluate(bool isLast);

    /// <summary>Writes samples of what the model says after a step.</summary>
    public abstract void WriteSamples(RunDirectory run, long step);

    /// <summary>What the report shows beside the metrics.</summary>
    /// <param name="bestLoss">The best validation loss so far, or null.</param>
    public abstract ReportExtras Extras(double? bestLoss);

    /// <summary>Frees the model.</summary>
    public void Dispose()
    {
        Module.Dispose();
        GC.SuppressFinalize(this);
    }
}
