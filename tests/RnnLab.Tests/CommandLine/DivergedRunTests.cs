using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.CommandLine;

/// <summary>A training that diverges stops, says when, and leaves the last good checkpoint.</summary>
public sealed class DivergedRunTests(SmallExperiment experiment) : IClassFixture<SmallExperiment>
{
    // The gradients of a recurrence of rectified linear units grow with its weights: at a learning rate of 10 they leave float32's range at the
    // third or fourth step. With an interval of 1 each step has its checkpoint or its evaluation, so that a bad one would be saved if anything let it.
    [Theory]
    [InlineData("training.checkpoint_interval=1")]
    [InlineData("evaluation.interval=1")]
    public void The_last_good_checkpoint_stays(string interval)
    {
        var result = Diverge(10, "model={cell: rnn, nonlinearity: relu}", interval);
        var run = RunDirectory.Open(SmallExperiment.RunOf(result.Output));
        result.RefusedWith($"{run.Path}: diverged at step ");
        result.RefusedWith("; the largest finite gradient norm was ");
        result.RefusedWith($"; the last good checkpoint is {new CheckpointStore(run).PathOf(CheckpointStore.Last)}");
        Assert.False(File.Exists(run.MetricsPath), "it is not complete");

        // A checkpoint that was not evaluated is known to have a finite loss where training goes on, not on the validation text.
        if (interval.StartsWith("evaluation", StringComparison.Ordinal))
            experiment.Call("eval", run.Path, "--checkpoint", "last").Succeeded();
        // Resumed, it stops in the same way.
        var step = new CheckpointStore(run).Read(CheckpointStore.Last).Trainer.Step;
        experiment.Call("train", "--resume", run.Path).RefusedWith($"diverged at step {step + 1}: ");
    }

    // At a rate of 1e30 the first update is enough. A bounded state would hide it from some machines, whose fused multiply-adds give an
    // infinity where others give NaN; rectified linear units pass it on to the logits on every one.
    [Theory]
    [InlineData("training.checkpoint_interval=1", "diverged at step 1: ")]
    [InlineData("evaluation.interval=1", "diverged at step 1: the validation loss is ")]
    [InlineData("training.checkpoint_interval=100", "diverged at step 2: ")]
    public void Without_a_good_checkpoint_none_is_kept(string interval, string message)
    {
        var result = Diverge(1e30, "model={cell: rnn, nonlinearity: relu}", interval);
        result.RefusedWith(message);
        result.RefusedWith("; the largest finite gradient norm was ");
        result.RefusedWith("; there is no checkpoint yet");
        Assert.Empty(Directory.EnumerateFiles(RunDirectory.Open(SmallExperiment.RunOf(result.Output)).CheckpointsPath));
    }

    private ProgramResult Diverge(double rate, params string[] overrides)
        => experiment.Call(["train", SmallExperiment.Config, $"training.optimizer={{name: sgd, learning_rate: {rate}}}", "training.clip_norm=null", .. overrides]);
}
