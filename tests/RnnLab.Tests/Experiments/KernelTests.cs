using RnnLab.Cells;
using RnnLab.Experiments;
using RnnLab.Kernels;
using RnnLab.Kernels.Elementwise;
using RnnLab.Recurrence;
using RnnLab.Tests.CommandLine;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Experiments;

/// <summary>The choice between the fused passes and the readable form. Runs alone: it looks at what the fused passes borrow, and sets the process's threads.</summary>
[Collection(Training.WholeProcess.Name)]
public sealed class KernelTests(CompleteRun complete) : IClassFixture<CompleteRun>
{
    [Fact]
    public void The_choice_holds_for_the_recurrence_and_for_the_passes_over_tensors_until_its_scope_ends()
    {
        Assert.True(IsFused());
        using (KernelChoice.Use(Kernel.Reference))
        {
            Assert.False(IsFused());
            Assert.False(Fast.Applies(zeros(3)));
            using (KernelChoice.Use(Kernel.Fast))
                Assert.True(IsFused());
            Assert.False(IsFused());
        }
        Assert.True(IsFused());
        Assert.True(Fast.Applies(zeros(3)));
    }

    [Fact]
    public void A_layer_may_choose_the_readable_form_for_itself() => Assert.False(IsFused(Kernel.Reference));

    [Fact]
    public void Another_thread_has_a_choice_of_its_own()
    {
        var seen = Kernel.Reference;
        using (KernelChoice.Use(Kernel.Reference))
        {
            var thread = new Thread(() => seen = KernelChoice.Current);
            thread.Start();
            thread.Join();
        }
        Assert.Equal(Kernel.Fast, seen);
    }

    [Theory]
    [InlineData("lstm", "float32", 1e-4)]
    [InlineData("gru", "float32", 1e-4)]
    [InlineData("rnn", "float32", 1e-4)]
    [InlineData("lstm", "float64", 1e-9)]
    [InlineData("gru", "float64", 1e-9)]
    [InlineData("rnn", "float64", 1e-9)]
    public void Both_kernels_train_to_the_same_losses(string cell, string dtype, double bound)
    {
        double[] Losses(string kernel)
        {
            using var training = new OneTraining($"model.cell={cell}", $"dtype={dtype}", $"kernel={kernel}");
            return training.Losses(12);
        }
        foreach (var (fast, readable) in Losses("fast").Zip(Losses("reference")))
            Assert.True(Math.Abs(fast - readable) <= bound * readable, $"{fast} and {readable}");
    }

    [Theory]
    [InlineData("fast", true)]
    [InlineData("reference", false)]
    public void The_config_s_key_decides_what_runs(string kernel, bool fused)
    {
        var run = complete.Experiment.Train($"kernel={kernel}", "training.steps=3", "evaluation.interval=3");
        Assert.Contains($"\nkernel: {kernel}\n", File.ReadAllText(Path.Combine(run, "config.yaml")), StringComparison.Ordinal);
        using var saved = (SavedLanguageModel)SavedRun.Open(run);
        Assert.Equal(fused, PooledMemory.MostDuring(() => saved.Evaluate(null, 4)) > 0);
        Assert.Equal(fused, PooledMemory.MostDuring(() => ModelAudit.Of(saved.Config, 1)) > 0);
        Assert.Equal(fused, PooledMemory.MostDuring(() => Train(saved.Config)) > 0);
        Assert.Equal(Kernel.Fast, KernelChoice.Current);
        complete.Experiment.Call("sample", run, "--length", "5").Succeeded();
    }

    [Fact]
    public void A_run_does_not_go_on_with_another_kernel()
        => complete.Experiment.Call("train", "--resume", complete.Path, "kernel=reference").RefusedWith("kernel: reference, but the run ");

    private void Train(ExperimentConfig config)
    {
        using var run = TrainingRun.Start(config, complete.Experiment.PathOf("runs"));
        run.Train(new(TextWriter.Null, terminal: false, run.TotalSteps), CancellationToken.None);
    }

    private static bool IsFused(Kernel own = Kernel.Fast)
    {
        var problem = new LayerProblem(new LstmCell(4));
        problem.Layer.Kernel = own;
        using var tape = new Tape();
        problem.Layer.Forward(problem.X, problem.S0, tape);
        return tape.IsFused;
    }
}
