using System.CommandLine;
using RnnLab.Devices;
using RnnLab.Experiments;
using RnnLab.Interchange;

namespace RnnLab.Cli;

/// <summary>The options of every verb that reads a run's model.</summary>
internal static class RunOptions
{
    public static Option<string?> Checkpoint { get; } = new Option<string?>("--checkpoint")
    {
        Description = "best (lowest validation loss, the default) or last.",
        HelpName = "best|last",
    }.AcceptOnlyFromAmong("best", "last");

    public static Option<string?> Device { get; } = new("--device") { Description = "cpu, cuda or cuda:N; the run's own unless given.", HelpName = "NAME" };

    public static Option<string?> Weights { get; } = new("--weights")
    {
        Description = "A safetensors file whose weights take the place of the checkpoint's.",
        HelpName = "FILE",
    };

    public static SavedRun Open(ParseResult parsed, string run)
    {
        var device = parsed.GetValue(Device);
        if (device is not null && !ComputeDevice.IsName(device))
            throw new UserException($"--device {device}: expected cpu, cuda or cuda:N");
        var saved = SavedRun.Open(run, parsed.GetValue(Checkpoint), device);
        try
        {
            if (parsed.GetValue(Weights) is { } file)
                ModuleWeights.Load(saved.Module, file);
            return saved;
        }
        catch
        {
            saved.Dispose();
            throw;
        }
    }
}
