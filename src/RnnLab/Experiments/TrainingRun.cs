using System.Diagnostics;
using RnnLab.Devices;
using RnnLab.Experiments.Configuration;
using RnnLab.Experiments.Runs;
using RnnLab.Interchange;
using RnnLab.Kernels;
using RnnLab.Training;
using RnnLab.Training.Optimizers;

namespace RnnLab.Experiments;

/// <summary>How a training ended.</summary>
public enum TrainingOutcome
{
    /// <summary>All steps are done.</summary>
    Completed,

    /// <summary>It was asked to stop, saved a checkpoint, and can be resumed.</summary>
    Interrupted,
}

/// <summary>
/// One attempt at a run: trains, evaluates, samples, and writes everything down so that a later attempt goes on bit for bit from the
/// last checkpoint, whenever this one ends.
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private readonly Experiment _experiment;
    private readonly Optimizer _optimizer;
    private readonly Trainer _trainer;
    private readonly CheckpointStore _checkpoints;
    private readonly IDisposable _lock;
    private readonly int _attempt;
    private (double Sum, int Count) _loss;
    private StepMeasure _latest;
    private (double? ValLoss, long Step) _best;

    private TrainingRun(Experiment experiment, Optimizer optimizer, Trainer trainer, RunDirectory run, IDisposable runLock)
    {
        (_experiment, _optimizer, _trainer, Directory, _lock) = (experiment, optimizer, trainer, run, runLock);
        _attempt = run.NextAttempt();
        _checkpoints = new CheckpointStore(run);
    }

    /// <summary>The run's folder.</summary>
    public RunDirectory Directory { get; }

    /// <summary>Updates of the whole training.</summary>
    public long TotalSteps => Config.Training.TotalSteps(_trainer.StepsPerEpoch);

    /// <summary>Updates already made.</summary>
    public long Step => _trainer.Step;

    /// <summary>A line on what is trained on what.</summary>
    public string Description => _experiment.Description;

    /// <summary>What throughput counts, for a progress line.</summary>
    public string Unit => _experiment.Unit;

    private ExperimentConfig Config => _experiment.Config;

    /// <summary>Starts a new run. Everything is checked before its folder is made.</summary>
    /// <param name="config">The experiment.</param>
    /// <param name="root">The folder of all runs.</param>
    /// <exception cref="UserException">The text, the device or the folder is not as it must be.</exception>
    public static TrainingRun Start(ExperimentConfig config, string root) => Start(config, root, readsLater: false);

    /// <summary>The same, as on a device that is not waited for where <paramref name="readsLater"/>, whatever the config's device.</summary>
    internal static TrainingRun Start(ExperimentConfig config, string root, bool readsLater)
    {
        ArgumentNullException.ThrowIfNull(config);
        CpuThreads.Use(config.Threads);
        var (experiment, optimizer, trainer) = Parts(config, null, readsLater);
        LoadInitialWeights(experiment);
        var run = RunDirectory.Create(root, config.Name);
        var runLock = run.Lock();
        try
        {
            experiment.WriteRecord(run, isNew: true);
            // The last one: a folder with a config is a run, which can be resumed.
            AtomicFile.WriteText(run.ConfigPath, YamlText.Write(config.ToTree()));
            return new(experiment, optimizer, trainer, run, runLock);
        }
        catch
        {
            runLock.Dispose();
            run.Discard();
            throw;
        }
    }

    /// <summary>Takes a run up where its last checkpoint left it, or from its beginning where it has none.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="configPath">A config that must be the run's own but for its length and the text's path; null for the run's own.</param>
    /// <param name="overrides">key=value arguments, for the same keys.</param>
    /// <exception cref="UserException">There is no such run, or it cannot go on with this text and config.</exception>
    public static TrainingRun Resume(string path, string? configPath, IReadOnlyList<string> overrides)
    {
        var run = RunDirectory.Open(path);
        var runLock = run.Lock();
        try
        {
            var saved = ExperimentConfig.Load(run.ConfigPath);
            var config = ExperimentConfig.Load(configPath ?? run.ConfigPath, overrides);
            ConfigDifference.RequireResumable(saved, config, run.Path);
            CpuThreads.Use(config.Threads);
            var (experiment, optimizer, trainer) = Parts(config, run);
            var attempt = new TrainingRun(experiment, optimizer, trainer, run, runLock);
            attempt.Restore();
            if (attempt.Step > attempt.TotalSteps)
                throw new UserException($"{run.Path}: this run is at step {attempt.Step}; the config's length is {attempt.TotalSteps} steps, expected no fewer");
            MetricsReader.Merge(run); // a damaged file is told now, not after hours
            experiment.WriteRecord(run, isNew: false);
            AtomicFile.WriteText(run.ConfigPath, YamlText.Write(config.ToTree()));
            return attempt;
        }
        catch
        {
            runLock.Dispose();
            throw;
        }
    }

    /// <summary>Trains to the end, or until it is asked to stop.</summary>
    /// <param name="progress">Shows how far it is.</param>
    /// <param name="stop">Asks it to save a checkpoint and return.</param>
    /// <exception cref="UserException">The loss diverged, or a file cannot be written; the last good checkpoint stays.</exception>
    public TrainingOutcome Train(ProgressLine progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(progress);
        using var kernel = KernelChoice.Use(Config.Kernel);
        try
        {
            return Loop(progress, stop);
        }
        catch (DivergedException exception)
        {
            progress.Finish();
            var kept = _checkpoints.Has(CheckpointStore.Last) ? $"the last good checkpoint is {_checkpoints.PathOf(CheckpointStore.Last)}" : "there is no checkpoint yet";
            throw new UserException($"{Directory.Path}: {exception.Message}; {kept}", exception);
        }
    }

    /// <summary>Frees the run for others, and the network.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        _trainer.Dispose();
        _optimizer.Dispose();
        _experiment.Dispose();
    }

    private TrainingOutcome Loop(ProgressLine progress, CancellationToken stop)
    {
        Directory.Reopen();
        AttemptEnvironment.Record(Directory, Config, _attempt, progress);
        using var metrics = new MetricsWriter(Directory, _attempt);
        var (clock, training, sinceRow, meanLoss) = (Stopwatch.StartNew(), new Stopwatch(), 0.0, (double?)null);
        while (_trainer.Step < TotalSteps)
        {
            if (stop.IsCancellationRequested)
            {
                ReadMeasures();
                Save(isBest: false);
                progress.Finish();
                return TrainingOutcome.Interrupted;
            }
            training.Start();
            var step = _trainer.Advance();
            var evaluate = step.EndsEpoch || step.Step == TotalSteps || IsDue(Config.Evaluation.Interval, step.Step);
            var log = evaluate || IsDue(Config.Training.LogInterval, step.Step);
            var save = evaluate || IsDue(Config.Training.CheckpointInterval, step.Step);
            // A device is waited for only where its results are written down; the time that takes is training time.
            if (log || save || !_trainer.ReadsLater)
                ReadMeasures();
            training.Stop();
            sinceRow += step.Items;
            var rate = sinceRow / training.Elapsed.TotalSeconds;
            meanLoss = _loss.Count > 0 ? _loss.Sum / _loss.Count : meanLoss;
            progress.Report(step.Step, meanLoss, rate, log);
            if (!log)
            {
                if (save)
                    Save(isBest: false);
                continue;
            }
            var report = evaluate ? Evaluate(step, progress) : null;
            var valLoss = report?.Loss;
            metrics.Write(new(step.Step, step.Epoch, _loss.Sum / _loss.Count, valLoss, step.LearningRate, _latest.GradNorm, rate, clock.Elapsed.TotalSeconds)
            {
                Forcing = step.Forcing,
                Measures = report is { Measures.Count: > 0 } ? report.Measures : null,
            });
            _loss = default;
            (sinceRow, training) = (0, new Stopwatch());
            var isBest = valLoss < (_best.ValLoss ?? double.PositiveInfinity);
            if (isBest)
                _best = (valLoss, step.Step);
            if (save)
                Save(isBest);
            if (evaluate)
                WriteReport();
        }
        progress.Finish();
        MetricsFile.Complete(Directory);
        WriteReport();
        return TrainingOutcome.Completed;
    }

    private void ReadMeasures()
    {
        foreach (var measure in _trainer.Read())
            (_loss, _latest) = ((_loss.Sum + measure.Loss, _loss.Count + 1), measure);
    }

    private static (Experiment, Optimizer, Trainer) Parts(ExperimentConfig config, RunDirectory? run, bool readsLater = false)
    {
        var experiment = Experiment.Create(config, run);
        var optimizer = config.Training.Optimizer.Create(experiment.Module.named_parameters());
        var trainer = experiment.NewTrainer(optimizer);
        trainer.ReadsLater |= readsLater;
        return (experiment, optimizer, trainer);
    }

    private static void LoadInitialWeights(Experiment experiment)
    {
        if (experiment.Config.Training.InitialWeights is { } file)
            ModuleWeights.Load(experiment.Module, file);
    }

    private static bool IsDue(int? interval, long step) => interval is { } every && step % every == 0;

    private EvaluationReport Evaluate(TrainingStep step, ProgressLine progress)
    {
        var report = _experiment.Evaluate(step.Step == TotalSteps);
        if (!double.IsFinite(report.Loss))
            throw _trainer.Diverged(step.Step, $"the validation loss is {report.Loss}");
        progress.WriteLine($"{(_trainer.StepsPerEpoch is null ? $"step {step.Step}" : $"epoch {step.Epoch:0.00}")}  {report.Line}");
        _experiment.WriteSamples(Directory, step.Step);
        return report;
    }

    private void Save(bool isBest)
    {
        _trainer.RequireFiniteState();
        var record = new CheckpointRecord(_trainer.Counters(), _loss.Sum, _loss.Count, _best.ValLoss, _best.Step, null!, null) { Cell = Config.Model.Identity };
        _checkpoints.Save(record, _experiment.Module.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), _trainer.StateTensors(), isBest);
    }

    private void Restore()
    {
        if (!_checkpoints.Has(CheckpointStore.Last))
        {
            LoadInitialWeights(_experiment);
            return;
        }
        using var scope = NewDisposeScope();
        var record = _checkpoints.Read(CheckpointStore.Last);
        _checkpoints.Load(record, Config.Model.Identity, [.. _experiment.Module.named_parameters()]);
        if (record.State is not { } state)
            throw new RunException($"{_checkpoints.PathOf(CheckpointStore.Last)}: this checkpoint is damaged: it names no file of the trainer's state");
        try
        {
            _trainer.Restore(_checkpoints.Tensors(state), record.Trainer);
        }
        catch (ArgumentException exception)
        {
            throw new RunException($"{_checkpoints.PathOf(CheckpointStore.Last)}: this checkpoint belongs to another model: {exception.Message}", exception);
        }
        _loss = (record.LossSum, record.LossCount);
        _best = (record.BestValLoss, record.BestStep);
    }

    private void WriteReport() => RunReport.Write(Directory, _experiment.Extras(_best.ValLoss));
}
