using RnnLab.Devices;
using RnnLab.Experiments.Runs;

namespace RnnLab.Experiments;

/// <summary>Where an attempt at a run runs.</summary>
internal static class AttemptEnvironment
{
    /// <summary>Writes it down, and says so where it is not where the attempt before it ran.</summary>
    public static void Record(RunDirectory run, ExperimentConfig config, int attempt, ProgressLine progress)
    {
        var now = EnvironmentRecord.Capture(TorchLibrary.Backend, TorchLibrary.Description, config.Device, get_num_threads(), AppContext.BaseDirectory)
            with { AllowTf32 = ComputeDevice.IsCuda(config.Device) ? TensorFloat32.IsAllowed : null };
        if (attempt > 1 && EnvironmentRecord.Read(run.EnvironmentPath).Difference(now) is { } difference)
            progress.WriteLine($"{difference}: the metrics from here on are not bit for bit those of a run without a break");
        now.Write(run.EnvironmentPath);
    }
}
