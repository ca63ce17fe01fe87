using System.Diagnostics;
using RnnLab.Devices;
using RnnLab.Experiments.Configuration;
using RnnLab.Experiments.Runs;
using RnnLab.Interchange;
using RnnLab.Kernels;
using RnnLab.Models;
using RnnLab.Randomness;
using RnnLab.Tasks;
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
    private readonly LanguageModelTrainer _trainer;
    private readonly CheckpointStore _checkpoints;
    private readonly TextRecord _text;
    private readonly IDisposable _lock;
    private readonly int _attempt;
    private (double Sum, int Count) _loss;
    private StepMeasure _latest;
    private (double? ValLoss, long Step) _best;

    private TrainingRun(Experiment experiment, Optimizer optimizer, LanguageModelTrainer trainer, RunDirectory run, IDisposable runLock)
    {
        (_experiment, _optimizer, _trainer, Directory, _lock) = (experiment, optimizer, trainer, run, runLock);
        _attempt = run.NextAttempt();
        _checkpoints = new CheckpointStore(run);
        _text = TextRecord.Read(run);
    }

    /// <summary>The run's folder.</summary>
    public RunDirectory Directory { get; }

    /// <summary>Updates of the whole training.</summary>
    public long TotalSteps => Config.Training.TotalSteps(_trainer.StepsPerEpoch);

    /// <summary>Updates already made.</summary>
    public long Step => _trainer.Step;

    /// <summary>A line on what is trained on what.</summary>
    public string Description
    {
        get
        {
            var m = Config.Model;
            var parameters = _experiment.Model.parameters().Sum(p => p.numel());
            return $"{m.Cell} {m.NumLayers} × {m.HiddenSize}, {parameters:n0} parameters; {_text.Source}: {_text.Characters:n0} characters, {_text.Vocabulary.Count} distinct, {_text.Files} {(_text.Files == 1 ? "file" : "files")}; bigram {_text.BigramLoss:0.0000} nats ({_text.BigramLoss / Math.Log(2):0.000} bits) a character";
        }
    }

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
        var (experiment, optimizer, trainer) = Parts(config, TextCorpus.Load(config.Task.Text, config.Task.Include), null, readsLater);
        LoadInitialWeights(experiment);
        var run = RunDirectory.Create(root, config.Name);
        var runLock = run.Lock();
        try
        {
            TextRecord.Write(run, experiment.Task);
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
            var text = TextRecord.Read(run);
            var (experiment, optimizer, trainer) = Parts(config, text.Load(run, config.Task.Text), Vocabulary.Of(text.Vocabulary));
            var attempt = new TrainingRun(experiment, optimizer, trainer, run, runLock);
            attempt.Restore();
            if (attempt.Step > attempt.TotalSteps)
                throw new UserException($"{run.Path}: this run is at step {attempt.Step}; the config's length is {attempt.TotalSteps} steps, expected no fewer");
            MetricsReader.Merge(run); // a damaged file is told now, not after hours
            (text with { Source = Path.GetFullPath(config.Task.Text) }).Write(run);
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
        var (clock, training, sinceRow, meanLoss) = (Stopwatch.StartNew(), new Stopwatch(), 0, (double?)null);
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
            sinceRow++;
            var rate = (double)sinceRow * _trainer.CharactersPerStep / training.Elapsed.TotalSeconds;
            meanLoss = _loss.Count > 0 ? _loss.Sum / _loss.Count : meanLoss;
            progress.Report(step.Step, meanLoss, rate, log);
            if (!log)
            {
                if (save)
                    Save(isBest: false);
                continue;
            }
            double? valLoss = evaluate ? Evaluate(step, progress) : null;
            metrics.Write(new(step.Step, step.Epoch, _loss.Sum / _loss.Count, valLoss, step.LearningRate, _latest.GradNorm, rate, clock.Elapsed.TotalSeconds));
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

    private static (Experiment, Optimizer, LanguageModelTrainer) Parts(ExperimentConfig config, TextCorpus corpus, Vocabulary? vocabulary, bool readsLater = false)
    {
        var experiment = Experiment.Create(config, corpus, vocabulary);
        var optimizer = config.Training.Optimizer.Create(experiment.Model.named_parameters());
        var trainer = new LanguageModelTrainer(experiment.Model, experiment.Task, optimizer, config.Training.Settings(), experiment.Device);
        trainer.ReadsLater |= readsLater;
        return (experiment, optimizer, trainer);
    }

    private static void LoadInitialWeights(Experiment experiment)
    {
        if (experiment.Config.Training.InitialWeights is { } file)
            ModuleWeights.Load(experiment.Model, file);
    }

    private static bool IsDue(int? interval, long step) => interval is { } every && step % every == 0;

    private double Evaluate(TrainingStep step, ProgressLine progress)
    {
        var evaluation = Evaluation.Of(_experiment.Model, _experiment.Task.Validation, Config.Evaluation.BatchSize, Config.Training.K1, _experiment.Device);
        if (!double.IsFinite(evaluation.CrossEntropy))
            throw _trainer.Diverged(step.Step, $"the validation loss is {evaluation.CrossEntropy}");
        progress.WriteLine($"epoch {step.Epoch:0.00}  validation {evaluation.CrossEntropy:0.0000} nats, {evaluation.BitsPerCharacter:0.000} bits a character (bigram {_text.BigramLoss / Math.Log(2):0.000}), perplexity {evaluation.Perplexity:0.00}");
        if (Config.Evaluation.SampleLength > 0)
            AtomicFile.WriteText(Path.Combine(Directory.SamplesPath, $"step-{step.Step:d8}.txt"), Sample(step.Step));
        return evaluation.CrossEntropy;
    }

    /// <summary>Starts with a line feed where the text has one, since a line's start is what it knows best, else with its first character.</summary>
    private string Sample(long step)
    {
        var vocabulary = _experiment.Task.Vocabulary;
        var start = Math.Max(0, vocabulary.Symbols.ToList().IndexOf("\n"));
        var stream = new RandomStream(Config.Seed, $"sample/{step}");
        var tokens = Config.Evaluation.Sampling.Continue(_experiment.Model, [start], Config.Evaluation.SampleLength, stream);
        return string.Concat(tokens.Select(vocabulary.Decode));
    }

    private void Save(bool isBest)
    {
        _trainer.RequireFiniteState();
        var record = new CheckpointRecord(_trainer.Counters(), _loss.Sum, _loss.Count, _best.ValLoss, _best.Step, null!, null) { Cell = Config.Model.Cell };
        _checkpoints.Save(record, _experiment.Model.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), _trainer.StateTensors(), isBest);
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
        _checkpoints.Load(record, Config.Model.Cell, [.. _experiment.Model.named_parameters()]);
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

    private void WriteReport() => RunReport.Write(Directory, _text.ReportExtras(Description, _best.ValLoss));
}
