using RnnLab.Experiments;
using RnnLab.Experiments.Runs;
using RnnLab.Tests.CommandLine;

namespace RnnLab.Tests.Training;

/// <summary>Runs that are stopped after every step.</summary>
internal static class StoppedRun
{
    /// <summary>Trains once without a break and once with a break after every step, and requires both runs to agree, bit for bit, in all but their times.</summary>
    public static void RequireEqualToWhole(ExperimentConfig config, string runs, int steps)
    {
        var (whole, outcome) = Train(TrainingRun.Start(config, runs), CancellationToken.None);
        Assert.Equal(TrainingOutcome.Completed, outcome);

        var attempts = 1;
        (var run, outcome) = TrainOneStep(TrainingRun.Start(config, runs));
        for (; outcome == TrainingOutcome.Interrupted; attempts++)
            (run, outcome) = TrainOneStep(TrainingRun.Resume(run, null, []));
        Assert.InRange(attempts, steps, steps + 1);
        SmallExperiment.RequireEqual(whole, run);
    }

    private static (string Run, TrainingOutcome Outcome) TrainOneStep(TrainingRun run)
    {
        using var stop = new CancellationTokenSource();
        using var output = new OnFirstLine(stop.Cancel);
        return Train(run, stop.Token, output);
    }

    private static (string Run, TrainingOutcome Outcome) Train(TrainingRun run, CancellationToken stop, TextWriter? output = null)
    {
        using (run)
            return (run.Directory.Path, run.Train(new ProgressLine(output ?? TextWriter.Null, terminal: false, run.TotalSteps, run.Step), stop));
    }

    /// <summary>Acts on the first line, which is the first step's.</summary>
    private sealed class OnFirstLine(Action act) : StringWriter
    {
        public override void WriteLine(string? value) => act();
    }
}
