using RnnLab.Benchmarks;
using RnnLab.Benchmarks.Ceilings;
using RnnLab.Benchmarks.Layers;
using RnnLab.Benchmarks.Models;

namespace RnnLab.Tests.Benchmarks;

/// <summary>The sides of a comparison do the same work.</summary>
public sealed class ContestTests
{
    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void Libtorch_computes_the_same_layer(string cell)
    {
        using var scope = NewDisposeScope();
        using var problem = new LayerProblem(cell, new(5, 3, 7), ScalarType.Float64);
        using var libtorch = new LibtorchLayer(cell, problem);
        var (ours, _) = problem.Layer.Forward(problem.X, problem.S0);
        Assert.True((ours - libtorch.Output()).abs().max().item<double>() < 1e-12);
    }

    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void Every_side_of_a_layer_runs_again_and_again(string cell)
    {
        using var problem = new LayerProblem(cell, new(3, 2, 4), ScalarType.Float32);
        using var libtorch = new LibtorchLayer(cell, problem);
        foreach (var side in (Action[])[
            problem.Forward, problem.RecordedForward, problem.Train, problem.ReadableForward, problem.ReadableTrain, problem.AutogradForward, problem.AutogradTrain,
            libtorch.Forward, libtorch.Train])
        {
            side();
            side();
        }
    }

    [Fact]
    public void A_character_model_trains_past_the_end_of_its_text()
    {
        using var model = new CharacterModel("gru", new(2, 5, 3, 4));
        for (var i = 0; i < 20; i++)
            model.Train();
    }

    [Theory]
    [InlineData(ScalarType.Float32, 1)]
    [InlineData(ScalarType.Float64, 3)]
    public void Fused_multiply_adds_are_counted_on_every_thread(ScalarType dtype, int threads)
        => Assert.True(FusedMultiplyAdds.Measure(dtype, threads, 0, 1e-4) > 0);

    [Fact]
    public void A_ceiling_is_the_best_sample_of_the_run()
    {
        var samples = new Queue<double>([3, 5, 4, 1]);
        using var ceiling = new Ceiling(samples.Dequeue, () => 2);
        ceiling.Sample(3);
        Assert.Equal((5, 2), (ceiling.Fma, ceiling.Product));
        ceiling.Sample();
        Assert.Equal(5, ceiling.Fma);
    }
}
