using RnnLab.Experiments;
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
        { "scheduled sampling, drawn tokens", ["training.forcing={schedule: linear, c: 0.1, feedback: sample}"] },
        { "words, limited vocabulary", ["task.name=word_lm", "task.max_vocabulary=9", "model={cell: gru, num_layers: 1}", "training.batch_size=2"] },
        { "epochs of five steps, decay, per_stream", ["training.k1=175", "training.k2=200", "task.split=per_stream", "training.learning_rate_decay=0.5"] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_that_is_stopped_after_every_step_equals_one_that_is_not(string _, string[] overrides)
    {
        overrides = [.. overrides, "training.steps=12", "training.log_interval=3", "evaluation.interval=5"];
        var config = ExperimentConfig.Load(_experiment.PathOf(SmallExperiment.Config), overrides);
        StoppedRun.RequireEqualToWhole(config, _experiment.PathOf("runs"), 12);
    }

    public void Dispose() => _experiment.Dispose();
}
