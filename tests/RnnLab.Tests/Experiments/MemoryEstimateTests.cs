using RnnLab.Devices;
using RnnLab.Experiments;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Experiments;

/// <summary>The memory that a config is said to need is what its training takes. Runs alone: it looks at what the fused passes borrow.</summary>
[Collection(Training.WholeProcess.Name)]
public sealed class MemoryEstimateTests : IDisposable
{
    // The pool rounds each buffer up by an eighth at most; a thread's band of gates may be narrower than reckoned.
    private const double Least = 0.95, Most = 1.125;

    public void Dispose() => CpuThreads.Use(null);

    [Theory]
    [InlineData("model.cell=lstm", "model.hidden_size=96", "threads=2")]
    [InlineData("model.cell=lstm", "model.hidden_size=33", "dtype=float64")]
    [InlineData("model.cell=gru", "model.hidden_size=100", "model.num_layers=3")]
    [InlineData("dtype=float64", "model={cell: gru, hidden_size: 64, input: one_hot}")]
    [InlineData("model.cell=rnn", "model.hidden_size=96", "threads=3")]
    [InlineData("model.cell=rnn", "model.nonlinearity=relu", "model.hidden_size=200", "training.batch_size=1", "training.k2=40")]
    [InlineData("model.cell=lstm", "model.hidden_size=80", "training.batch_size=70")]
    [InlineData("model.cell=lstm", "model.proj_size=40", "model.hidden_size=100", "threads=3")]
    [InlineData("model.cell=lstm_peephole", "model.hidden_size=65", "threads=2")]
    [InlineData("model.cell=lstm_coupled", "model.hidden_size=50", "dtype=float64")]
    [InlineData("model.cell=lstm_1997", "model.hidden_size=120")]
    [InlineData("model.cell=indrnn", "model.hidden_size=90", "threads=2")]
    [InlineData("model.cell=lstm", "model.hidden_size=40", "model.connection=skip", "model.num_layers=2")]
    public void Tapes_and_packed_weights_are_what_the_fused_passes_borrow(params string[] overrides)
    {
        using var training = new OneTraining(["training.batch_size=16", "training.k1=16", "training.k2=48", .. overrides]);
        var estimate = training.Estimate.Parts.Where(part => part.Name.StartsWith("tape", StringComparison.Ordinal) || part.Name == "packed weights").Sum(part => part.Bytes);
        // The third window has grown to k2 steps, by k1 at each update.
        var borrowed = PooledMemory.MostDuring(() => training.Losses(3));
        Assert.InRange(borrowed, Least * estimate, Most * estimate);
    }

    [Theory]
    [InlineData("model.cell=gru_reset_before")]
    [InlineData("kernel=reference")]
    public void Where_the_recurrence_is_not_fused_the_estimate_is_that_of_the_readable_form(params string[] overrides)
    {
        using var training = new OneTraining(overrides);
        Assert.All(training.Estimate.Parts.Where(part => part.Name.StartsWith("tape", StringComparison.Ordinal)), part => Assert.EndsWith("readable", part.Name, StringComparison.Ordinal));
        Assert.Contains(training.Estimate.Parts, part => part.Name == "workspace of a layer");
    }

    [Fact]
    public void The_readable_form_borrows_nothing()
    {
        using var training = new OneTraining("kernel=reference");
        Assert.Equal(0, PooledMemory.MostDuring(() => training.Losses(1)));
    }

    [Theory]
    [InlineData("model.cell=lstm")]
    [InlineData("model={cell: lstm, hidden_size: 12, proj_size: 5, num_layers: 3, bias: false}", "training.optimizer={name: sgd, momentum: 0.5}")]
    [InlineData("model={cell: gru, input: one_hot}", "training.optimizer={name: rmsprop, centered: true, momentum: 0.5}")]
    [InlineData("model={cell: rnn, embedding_size: 3}", "training.optimizer={name: sgd}")]
    [InlineData("training.optimizer={name: adamw}", "dtype=float64")]
    [InlineData("training.optimizer={name: rmsprop}")]
    public void Parameters_and_the_optimisers_state_are_counted_one_by_one(params string[] overrides)
    {
        using var training = new OneTraining(overrides);
        training.Losses(1);
        var (sizes, bytes) = (training.ParameterSizes, training.Config.Dtype == "float64" ? 8 : 4);
        var state = training.Optimizer.State.Values.Sum(tensor => tensor.numel());
        Assert.Equal([sizes.Sum() * bytes, sizes.Sum() * bytes, state * bytes], training.Estimate.Parts.Take(3).Select(part => part.Bytes));
    }

    [Fact]
    public void The_largest_sizes_that_a_config_may_name_can_be_reckoned()
    {
        using var training = new OneTraining();
        var config = training.Config with
        {
            Model = new LanguageModelConfig(training.Config.Model.Recurrence! with { HiddenSize = 65536, NumLayers = 1024 }, 8),
            Training = training.Config.Training with { BatchSize = 1_000_000, K1 = 1_000_000, K2 = 1_000_000 },
        };
        Assert.InRange(MemoryEstimate.Of(config, 1_000_000).Total, 1e21, 1e23);
    }
}
