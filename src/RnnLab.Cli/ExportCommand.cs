using System.CommandLine;
using RnnLab.Experiments;
using RnnLab.Interchange;

namespace RnnLab.Cli;

/// <summary><c>rnnlab export RUN FILE</c></summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("RUN") { Description = "The folder of a run." };
        var file = new Argument<string>("FILE") { Description = "The safetensors file to write." };
        var command = new Command("export", "Write a run's weights for PyTorch.") { run, file, RunOptions.Checkpoint };
        command.SetAction(parsed =>
        {
            // Weights are weights wherever they were trained: no device but the CPU is needed.
            using var saved = SavedRun.Open(parsed.GetValue(run)!, parsed.GetValue(RunOptions.Checkpoint), "cpu");
            var path = parsed.GetValue(file)!;
            ModuleWeights.Save(saved.Module, path);
            long[] sizes = [.. saved.Module.parameters().Select(p => p.numel())];
            Console.WriteLine($"{path}: {sizes.Sum():n0} parameters in {sizes.Length} tensors, as of step {saved.Step}");
            return 0;
        });
        return command;
    }
}
