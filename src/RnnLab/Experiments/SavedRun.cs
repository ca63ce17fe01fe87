using RnnLab.Devices;
using RnnLab.Experiments.Runs;

namespace RnnLab.Experiments;

/// <summary>A run's model as one of its checkpoints has it, to evaluate and to use.</summary>
public abstract class SavedRun : IDisposable
{
    private protected SavedRun(RunDirectory run, ExperimentConfig config, Device device) => (Directory, Config, Device) = (run, config, device);

    /// <summary>The folder.</summary>
    public RunDirectory Directory { get; }

    /// <summary>The run's config.</summary>
    public ExperimentConfig Config { get; }

    /// <summary>The device that the model is on.</summary>
    public Device Device { get; }

    /// <summary>The step of the checkpoint.</summary>
    public long Step { get; private set; }

    /// <summary>The model.</summary>
    public abstract nn.Module Module { get; }

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
        var device = ComputeDevice.Open(deviceName ?? config.Device, config.AllowTf32);
        SavedRun saved = config.Task is TextTaskConfig ? SavedLanguageModel.Make(run, config, device) : SavedExampleModel.Make(run, config, device);
        try
        {
            saved.Step = saved.Load(new CheckpointStore(run), checkpoint);
            return saved;
        }
        catch
        {
            saved.Dispose();
            throw;
        }
    }

    /// <summary>A saved run as one whose model is of the kind that a command needs.</summary>
    /// <param name="saved">The run.</param>
    /// <param name="what">What the command needs, for the message.</param>
    /// <exception cref="UserException">It is of another kind.</exception>
    public static T Require<T>(SavedRun saved, string what) where T : SavedRun
        => saved as T ?? throw new UserException($"{saved.Directory.Path}: {what}, and this run's model is of task {saved.Config.Task.Name}");

    /// <summary>Frees the model.</summary>
    public void Dispose()
    {
        Module.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Loads a checkpoint, also of a run that is being written: its files may be replaced between the look at the JSON and theirs.</summary>
    private long Load(CheckpointStore store, string? checkpoint)
    {
        var name = checkpoint ?? (store.Has(CheckpointStore.Best) ? CheckpointStore.Best : CheckpointStore.Last);
        for (var record = store.Read(name); ;)
        {
            try
            {
                store.Load(record, Config.Model.Identity, [.. Module.named_parameters()]);
                return record.Trainer.Step;
            }
            catch (UserException) when (store.Read(name) is var newer && newer.Model != record.Model)
            {
                record = newer;
            }
        }
    }
}
