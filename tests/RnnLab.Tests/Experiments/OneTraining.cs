using RnnLab.Devices;
using RnnLab.Experiments;
using RnnLab.Kernels;
using RnnLab.Tasks;
using RnnLab.Tests.CommandLine;
using RnnLab.Training;
using RnnLab.Training.Optimizers;

namespace RnnLab.Tests.Experiments;

/// <summary>The parts of a small experiment's training, without a run's folder.</summary>
internal sealed class OneTraining : IDisposable
{
    private readonly SmallExperiment _files = new();
    private readonly LanguageModelExperiment _experiment;
    private readonly LanguageModelTrainer _trainer;

    public OneTraining(params string[] overrides) : this(readsLater: false, overrides)
    {
    }

    /// <summary>A training whose results stay where they are until they are read, whatever its device.</summary>
    public OneTraining(bool readsLater, params string[] overrides)
    {
        Config = ExperimentConfig.Load(_files.PathOf(SmallExperiment.Config), overrides);
        CpuThreads.Use(Config.Threads);
        _experiment = LanguageModelExperiment.Create(Config, TextCorpus.Load(((TextTaskConfig)Config.Task).Text));
        Optimizer = Config.Training.Optimizer.Create(_experiment.Model.named_parameters());
        _trainer = new LanguageModelTrainer(_experiment.Model, _experiment.Task, Optimizer, Config.Training.StreamSettings(), _experiment.Device);
        _trainer.ReadsLater |= readsLater;
    }

    public ExperimentConfig Config { get; }

    public Optimizer Optimizer { get; }

    public LanguageModelTrainer Trainer => _trainer;

    public IReadOnlyList<long> ParameterSizes => [.. _experiment.Model.parameters().Select(p => p.numel())];

    public MemoryEstimate Estimate => MemoryEstimate.Of(Config, _experiment.Task.Vocabulary.Size);

    /// <summary>The losses of the next updates, with the config's kernel.</summary>
    public double[] Losses(int updates)
    {
        using var kernel = KernelChoice.Use(Config.Kernel);
        var losses = new double[updates];
        for (var i = 0; i < updates; i++)
        {
            _trainer.Advance();
            losses[i] = Assert.Single(_trainer.Read()).Loss;
        }
        return losses;
    }

    /// <summary>Scores the validation part.</summary>
    public void Evaluate() => Evaluation.Of(_experiment.Model, _experiment.Task.Validation, 4, Config.Training.K1, _experiment.Device);

    public void Dispose()
    {
        _trainer.Dispose();
        Optimizer.Dispose();
        _experiment.Dispose();
        _files.Dispose();
    }
}
