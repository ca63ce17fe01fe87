using RnnLab.Experiments;
using RnnLab.Experiments.Runs;
using RnnLab.Kernels;
using RnnLab.Recurrence;
using RnnLab.Tests.CommandLine;
using RnnLab.Tests.Experiments;
using RnnLab.Tests.Support;
using RnnLab.Training;

namespace RnnLab.Tests.Training;

/// <summary>Training as on a device that the host does not wait for, here on the CPU: in tensor operations alone, with results that are read later.</summary>
public sealed class ReadLaterTests
{
    private const int Updates = 12;

    // Without dropout, whose masks are made by the host where they are the CPU's: MaskTests has those of a device.
    [OperatorTheory]
    [InlineData("lstm, k2 > k1, adam", "model.dropout=0")]
    [InlineData("gru, one-hot, sgd with momentum, by value", "model={cell: gru, input: one_hot}", "training.optimizer={name: sgd, learning_rate: 0.1, momentum: 0.9}", "training.clip_value=1")]
    [InlineData("rnn, centered rmsprop, not clipped", "model={cell: rnn}", "training.optimizer={name: rmsprop, centered: true, momentum: 0.5}", "training.clip_norm=null")]
    [InlineData("projected lstm, adamw, the state not carried", "model={cell: lstm, proj_size: 5}", "training.optimizer={name: adamw, weight_decay: 0.01}", "training.carry_state=false", "training.k2=8")]
    public void No_update_waits_and_a_reading_waits_once(string _, params string[] overrides)
    {
        using var scope = NewDisposeScope();
        using var training = new OneTraining(readsLater: true, ["kernel=reference", .. overrides]);
        using var kernel = KernelChoice.Use(Kernel.Reference);
        var updates = Operators.Of(() =>
        {
            for (var i = 0; i < Updates; i++)
                training.Trainer.Advance();
        });
        Assert.Empty(Operators.Waiting(updates));
        var read = new List<StepMeasure>();
        var reading = Operators.Of(() => read.AddRange(training.Trainer.Read()));
        Assert.Equal(["aten::to.device", "bridge::data_ptr"], Operators.Waiting(reading));
        Assert.Equal(Enumerable.Range(1, Updates).Select(i => (long)i), read.Select(m => m.Step));
        Assert.Empty(training.Trainer.Read());
    }

    [OperatorFact]
    public void An_evaluation_reads_one_number()
    {
        using var scope = NewDisposeScope();
        using var training = new OneTraining("kernel=reference");
        using var kernel = KernelChoice.Use(Kernel.Reference);
        // The tokens go to the device, those of all streams and what is left over, before anything is scored.
        Assert.Equal(["aten::to.device", "aten::to.device", "bridge::data_ptr"], Operators.Waiting(Operators.Of(training.Evaluate)));
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("float64")]
    public void Results_that_are_read_later_are_those_that_are_read_at_once(string dtype)
    {
        var now = Measures(readsLater: false, $"dtype={dtype}", "kernel=reference", "training.clip_norm=0.5");
        var later = Measures(readsLater: true, $"dtype={dtype}", "kernel=reference", "training.clip_norm=0.5");
        Assert.Equal(now, later);
        Assert.Contains(now, m => m.GradNorm > 0.5);
    }

    [Fact]
    public void The_largest_gradient_norm_is_known_when_it_is_asked_for()
    {
        using var training = new OneTraining(readsLater: true);
        for (var i = 0; i < Updates; i++)
            training.Trainer.Advance();
        var counters = training.Trainer.Counters();
        var largest = training.Trainer.Read().MaxBy(m => m.GradNorm);
        Assert.Equal((largest.GradNorm, largest.Step), (counters.LargestGradNorm, counters.LargestGradNormStep));
    }

    [Fact]
    public void A_step_that_diverged_is_named_when_it_is_read()
    {
        using var training = new OneTraining(
            readsLater: true, "model={cell: rnn, nonlinearity: relu}", "training.optimizer={name: sgd, learning_rate: 1e30}", "training.clip_norm=null");
        for (var i = 0; i < 5; i++)
            training.Trainer.Advance();
        var message = Assert.Throws<DivergedException>(training.Trainer.Read).Message;
        Assert.StartsWith("diverged at step 2: ", message, StringComparison.Ordinal);
        Assert.Contains("at step 1. A lower", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_results_are_read_later_writes_the_same_metrics_and_checkpoints()
    {
        using var experiment = new SmallExperiment();
        string Train(bool readsLater)
        {
            // The checkpoints fall on other steps than the rows of the metrics.
            var config = ExperimentConfig.Load(experiment.PathOf(SmallExperiment.Config), ["kernel=reference", "training.log_interval=5", "training.checkpoint_interval=3"]);
            using var run = TrainingRun.Start(config, experiment.PathOf("runs"), readsLater);
            Assert.Equal(TrainingOutcome.Completed, run.Train(new ProgressLine(TextWriter.Null, terminal: false, run.TotalSteps), CancellationToken.None));
            return run.Directory.Path;
        }
        SmallExperiment.RequireEqual(Train(readsLater: false), Train(readsLater: true));
    }

    [CudaFact]
    public void Training_on_cuda_equals_training_on_the_cpu()
    {
        var here = Measures(readsLater: false, "dtype=float64", "kernel=reference");
        var there = Measures(readsLater: false, "dtype=float64", "device=cuda");
        foreach (var (a, b) in here.Zip(there, (x, y) => (x, y)))
        {
            Assert.Equal(a.Loss, b.Loss, 1e-9 * a.Loss);
            Assert.Equal(a.GradNorm, b.GradNorm, 1e-8 * a.GradNorm);
        }
        Assert.Equal(Updates, there.Count);
    }

    [CudaFact]
    public void A_run_on_cuda_is_trained_evaluated_sampled_and_resumed()
    {
        using var experiment = new SmallExperiment();
        var run = experiment.Train("device=cuda", "allow_tf32=true");
        Assert.Contains("\"allow_tf32\": true", File.ReadAllText(Path.Combine(run, "environment.json")), StringComparison.Ordinal);
        experiment.Call("eval", run).Succeeded();
        experiment.Call("eval", run, "--device", "cpu").Succeeded();
        experiment.Call("sample", run, "--length", "5").Succeeded();
        experiment.Resume(run, $"training.steps={SmallExperiment.Steps + 4}");
    }

    private static IReadOnlyList<StepMeasure> Measures(bool readsLater, params string[] overrides)
    {
        using var training = new OneTraining(readsLater, overrides);
        using var kernel = KernelChoice.Use(training.Config.Kernel);
        for (var i = 0; i < Updates; i++)
            training.Trainer.Advance();
        return training.Trainer.Read();
    }
}
