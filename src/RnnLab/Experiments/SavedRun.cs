using RnnLab.Devices;
using RnnLab.Experiments.Runs;
using RnnLab.Kernels;
using RnnLab.Models;
using RnnLab.Tasks;
using RnnLab.Training;

namespace RnnLab.Experiments;

/// <summary>A run's model as one of its checkpoints has it, to evaluate and to sample from.</summary>
public sealed class SavedRun : IDisposable
{
    private SavedRun(RunDirectory run, ExperimentConfig config, TextRecord text, LanguageModel model, Vocabulary vocabulary, Device device, long step)
        => (Directory, Config, Text, Model, Vocabulary, Device, Step) = (run, config, text, model, vocabulary, device, step);

    /// <summary>The folder.</summary>
    public RunDirectory Directory { get; }

    /// <summary>The run's config.</summary>
    public ExperimentConfig Config { get; }

    /// <summary>What it was trained on.</summary>
    public TextRecord Text { get; }

    /// <summary>The model.</summary>
    public LanguageModel Model { get; }

    /// <summary>Its characters.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The device that it is on.</summary>
    public Device Device { get; }

    /// <summary>The step of the checkpoint.</summary>
    public long Step { get; }

    /// <summary>Loads a run's model.</summary>
    /// <param name="path">The run's folder.</param>
    /// <param name="checkpoint"><see cref="CheckpointStore.Best"/> or <see cref="CheckpointStore.Last"/>; null for the best, or the last where there is no best yet.</param>
    /// <param name="deviceName">The device to load it on; null for the run's own.</param>
    /// <exception cref="UserException">There is no such run or checkpoint, or it is damaged.</exception>
    public static SavedRun Open(string path, string? checkpoint = null, string? deviceName = null)
    {
        var run = RunDirectory.Open(path);
        var config = ExperimentConfig.Load(run.ConfigPath);
        CpuThreads.Use(config.Threads);
        var text = TextRecord.Read(run);
        var device = ComputeDevice.Open(deviceName ?? config.Device, config.AllowTf32);
        var vocabulary = Vocabulary.Of(text.Vocabulary);
        var model = Experiment.NewModel(config, vocabulary.Size, device);
        try
        {
            return new(run, config, text, model, vocabulary, device, Load(new CheckpointStore(run), checkpoint, config.Model.Cell, model));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Loads a checkpoint, also of a run that is being written: its files may be replaced between the look at the JSON and theirs.</summary>
    private static long Load(CheckpointStore store, string? checkpoint, string cell, LanguageModel model)
    {
        var name = checkpoint ?? (store.Has(CheckpointStore.Best) ? CheckpointStore.Best : CheckpointStore.Last);
        for (var record = store.Read(name); ;)
        {
            try
            {
                store.Load(record, cell, [.. model.named_parameters()]);
                return record.Trainer.Step;
            }
            catch (UserException) when (store.Read(name) is var newer && newer.Model != record.Model)
            {
                record = newer;
            }
        }
    }

    /// <summary>How well the model predicts a text, or, without one, its own validation part.</summary>
    /// <param name="textPath">A text file or folder, or null.</param>
    /// <param name="batch">Streams side by side; 1 is exact.</param>
    /// <exception cref="UserException">The text is missing, too short, or has characters that the model was not trained on.</exception>
    public Evaluation Evaluate(string? textPath, int batch)
    {
        using var kernel = KernelChoice.Use(Config.Kernel);
        if (textPath is null)
        {
            var task = new CharacterTask(Text.Load(Directory), Config.Task.ValidationFraction, Config.Task.Split, Config.Training.BatchSize, Vocabulary);
            return Evaluation.Of(Model, task.Validation, batch, Config.Training.K1, Device);
        }
        var corpus = TextCorpus.Load(textPath, Config.Task.Include);
        var tokens = Vocabulary.Encode(corpus.Characters, textPath);
        if (tokens.Length < 2)
            throw new UserException($"{textPath}: the text is too short: {tokens.Length} characters, 2 are needed");
        return Evaluation.Of(Model, [tokens], batch, Config.Training.K1, Device);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();
}
