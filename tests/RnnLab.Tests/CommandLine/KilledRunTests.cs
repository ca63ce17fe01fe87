using System.Globalization;
using RnnLab.Experiments.Runs;
using RnnLab.Randomness;

namespace RnnLab.Tests.CommandLine;

/// <summary>A run that is ended at any moment and resumed gives bit for bit what one gives that was left alone.</summary>
public sealed class KilledRunTests : IDisposable
{
    // No machine gets to the end of it before it is stopped; only then is it settled how long the run, and the one beside it, shall be.
    private const string Endless = "training.steps=1000000000";

    private readonly SmallExperiment _experiment = new();

    // Checkpoints, evaluations and samples come so often that many kills fall into the writing of one.
    public static TheoryData<string, string[]> Kinds => new()
    {
        { "lstm, dropout, k2 > k1, adam", [] },
        { "gru, k1 = k2, rmsprop with momentum, decay, two epochs and a half", ["model.cell=gru", "model.dropout=0", "training.k1=25", "training.k2=25",
            "training.optimizer={name: rmsprop, centered: true, momentum: 0.5}", "training.learning_rate_decay=0.9"] },
        { "rnn, one-hot, per_stream, float64, sgd with momentum", ["model={cell: rnn, hidden_size: 12, input: one_hot}", "dtype=float64", "task.split=per_stream",
            "training.optimizer={name: sgd, momentum: 0.9}", "training.loss=sum_over_time"] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Killed_again_and_again_and_resumed_it_gives_the_same_run(string kind, string[] overrides)
    {
        overrides = [.. overrides, "training.log_interval=1", "evaluation.interval=10", "evaluation.sample_length=10"];

        // At first before there is a checkpoint, then after some steps of each attempt, at a random moment of the next ones.
        var run = KilledAtItsStart([.. overrides, Endless]);
        var random = new RandomStream(11, kind);
        for (ulong attempt = 0; attempt < 6; attempt++)
        {
            var steps = 4 + (int)(10 * random.Uniform(attempt, 0));
            using var program = _experiment.Start("train", "--resume", run);
            var seen = 0;
            program.WaitForLine(line => line.StartsWith("step ", StringComparison.Ordinal) && ++seen == steps);
            Thread.Sleep(TimeSpan.FromMilliseconds(10 * random.Uniform(attempt, 1)));
            Assert.NotEqual(0, program.Kill().ExitCode);
        }
        var length = $"training.steps={MetricsReader.Merge(RunDirectory.Open(run))[^1].Step + 25}";
        _experiment.Resume(run, length);
        SmallExperiment.RequireEqual(_experiment.Train([.. overrides, length]), run);
        Assert.True(File.Exists(RunDirectory.Open(run).MetricsPath));
        Assert.Empty(Directory.EnumerateFiles(run, "*.tmp", SearchOption.AllDirectories));
    }

    [PosixFact]
    public void Ctrl_C_and_SIGTERM_save_a_checkpoint_and_tell_how_to_go_on()
    {
        string[] overrides = ["evaluation.interval=300", "training.checkpoint_interval=100000"];
        using var first = StartWithSignals(["train", SmallExperiment.Config, .. overrides, Endless]);
        var run = SmallExperiment.RunOf(first.WaitForLine(SmallExperiment.IsRunLine)!);
        var step = StoppedBy(first, program => program.Interrupt(), 130, run, 10);
        using var second = StartWithSignals(["train", "--resume", run]);
        step = StoppedBy(second, program => program.Terminate(), 143, run, step + 5);

        var length = $"training.steps={step + 25}";
        _experiment.Resume(run, length);
        SmallExperiment.RequireEqual(_experiment.Train([.. overrides, length]), run);
    }

    public void Dispose() => _experiment.Dispose();

    // A shell that starts its background jobs with SIGINT ignored hands that down; env sets it back.
    private RnnlabProgram StartWithSignals(string[] arguments)
    {
        string[] wrapper = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : [];
        return RnnlabProgram.StartCommand(_experiment.Path, [.. wrapper, .. RnnlabProgram.Command, .. arguments]);
    }

    private static long StoppedBy(RnnlabProgram program, Action<RnnlabProgram> signal, int exitCode, string run, long after)
    {
        Assert.NotNull(program.WaitForLine(line => line.StartsWith("step ", StringComparison.Ordinal) && StepOf(line) >= after));
        signal(program);
        var result = program.Finish();
        Assert.Equal(exitCode, result.ExitCode);
        var step = new CheckpointStore(RunDirectory.Open(run)).Read(CheckpointStore.Last).Trainer.Step;
        Assert.InRange(step, after, long.MaxValue);
        Assert.Equal($"rnnlab: stopped at step {step}; go on with: rnnlab train --resume {run}\n", result.Error);
        Assert.False(File.Exists(RunDirectory.Open(run).MetricsPath), "it is not complete");
        return step;
    }

    private static long StepOf(string line) => long.Parse(line["step ".Length..line.IndexOf('/', StringComparison.Ordinal)], CultureInfo.InvariantCulture);

    private string KilledAtItsStart(string[] overrides)
    {
        using var program = _experiment.Start(["train", SmallExperiment.Config, .. overrides]);
        var run = SmallExperiment.RunOf(program.WaitForLine(SmallExperiment.IsRunLine)!);
        program.Kill();
        return run;
    }
}
