using RnnLab.Experiments;
using RnnLab.Experiments.Runs;
using RnnLab.Tests.CommandLine;

namespace RnnLab.Tests.Training;

/// <summary>Saving and taking up again after any step changes nothing, not one bit.</summary>
public sealed class StoppedTrainingTests : IDisposable
{
    private readonly SmallExperiment _experiment = new();

    public static TheoryData<string, string[]> Kinds => new()
    {
        { "lstm, dropout, k2 > 2 k1, adam", [] },
        { "k2 < 2 k1, adamw", ["training.k2=11", "training.optimizer={name: adamw}"] },
        { "gru, k2 = k1, centered rmsprop with momentum", ["model={cell: gru, num_layers: 1}", "training.k2=8",
            "training.optimizer={name: rmsprop, centered: true, momentum: 0.5}"] },
        { "rnn, one-hot, float64, sgd", ["model={cell: rnn, input: one_hot}", "dtype=float64", "training.optimizer={name: sgd, momentum: 0.9, dampening: 0.5}"] },
        { "projected lstm, the state not carried", ["model={cell: lstm, hidden_size: 12, proj_size: 5, num_layers: 2, dropout: 0.5}", "training.carry_state=false", "training.k2=8"] },
        { "lstm, all masks at once, residual connections", ["model={cell: lstm, hidden_size: 12, num_layers: 3, dropout: 0.2, locked_dropout: true, recurrent_dropout: 0.1, "
            + "weight_drop: 0.2, zoneout_h: 0.1, zoneout_c: 0.05, connection: residual}"] },
        { "layer-norm gru, zoneout, skip connections", ["model={cell: gru_layer_norm, hidden_size: 12, num_layers: 2, zoneout_h: 0.3, connection: skip}"] },
        { "peephole lstm, weight drop, a bounded tape", ["model={cell: lstm_peephole, num_layers: 1, weight_drop: 0.3, init: {chrono: 40}}", "training.k2=200", "training.k1=90",
            "training.tape_memory=sqrt"] },
        { "epochs of five steps, decay, per_stream", ["training.k1=175", "training.k2=200", "task.split=per_stream", "training.learning_rate_decay=0.5"] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_that_is_stopped_after_every_step_equals_one_that_is_not(string _, string[] overrides)
    {
        overrides = [.. overrides, "training.steps=12", "training.log_interval=3", "evaluation.interval=5"];
        var config = ExperimentConfig.Load(_experiment.PathOf(SmallExperiment.Config), overrides);
        var (whole, outcome) = Train(TrainingRun.Start(config, _experiment.PathOf("runs")), CancellationToken.None);
        Assert.Equal(TrainingOutcome.Completed, outcome);

        var attempts = 1;
        (var run, outcome) = TrainOneStep(TrainingRun.Start(config, _experiment.PathOf("runs")));
        for (; outcome == TrainingOutcome.Interrupted; attempts++)
            (run, outcome) = TrainOneStep(TrainingRun.Resume(run, null, []));
        Assert.InRange(attempts, 12, 13);
        SmallExperiment.RequireEqual(whole, run);
    }

    public void Dispose() => _experiment.Dispose();

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
