using System.Diagnostics;
using RnnLab.Experiments;
using RnnLab.Experiments.Runs;
using RnnLab.Tests.CommandLine;

namespace RnnLab.Tests.Training;

/// <summary>Runs alone: it looks at the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    public const string Name = "whole process";
}

/// <summary>Training, with its evaluations, samples and checkpoints, keeps to the memory that it has after its first steps.</summary>
[Collection(WholeProcess.Name)]
public sealed class MemoryTests : IDisposable
{
    private const int First = 200, Last = 2000;

    // What the runtime compiles and caches on the way was 12 MiB at most. A layer's outputs over one window, (10, 16, 32) numbers, are 20 kB: leaked
    // at each step they would be 35 MiB, and a window's gates four times that. What is smaller shows in the count of tensors.
    private const long Bound = 24 << 20;

    private readonly SmallExperiment _experiment = new();

    [Theory]
    [InlineData("training.k2=10")]
    [InlineData("training.k2=25")]
    public void Two_thousand_steps_leave_the_memory_flat(params string[] overrides)
    {
        overrides =
        [
            .. overrides, "model.hidden_size=32", "training.k1=10", "training.batch_size=16", $"training.steps={Last}",
            "training.log_interval=100", "training.checkpoint_interval=100", "evaluation.interval=100",
        ];
        var config = ExperimentConfig.Load(_experiment.PathOf(SmallExperiment.Config), overrides);
        using var run = TrainingRun.Start(config, _experiment.PathOf("runs"));
        var seen = new Dictionary<int, (long Live, long Resident)>();
        using var output = new OnStep(step => seen[step] = Memory());
        run.Train(new ProgressLine(output, terminal: false, run.TotalSteps), CancellationToken.None);

        Assert.Equal(seen[First].Live, seen[Last].Live);
        // A tensor that nothing disposes but the garbage collector would not be live any more; what it held could have grown all the same.
        var growth = seen[Last].Resident - seen[First].Resident;
        Assert.True(growth < Bound, $"the process grew by {growth / 1024.0 / 1024.0:0.0} MiB between step {First} and step {Last}");
    }

    public void Dispose() => _experiment.Dispose();

    private static (long Live, long Resident) Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return (DisposeScopeManager.Statistics.ThreadTotalLiveCount, process.WorkingSet64);
    }

    /// <summary>Acts on the progress lines of the two steps that are looked at.</summary>
    private sealed class OnStep(Action<int> act) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            foreach (var step in new[] { First, Last })
                if (value!.StartsWith($"step {step}/", StringComparison.Ordinal))
                    act(step);
        }
    }
}
