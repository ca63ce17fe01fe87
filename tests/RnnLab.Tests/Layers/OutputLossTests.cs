using RnnLab.Analysis;
using RnnLab.Layers;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Layers;

/// <summary>The losses of models with a target at each step or one for the whole.</summary>
public sealed class OutputLossTests
{
    private const int N = 5, K = 4;

    public static TheoryData<string> Kinds => ["tokens", "reals", "bits"];

    private static (OutputLoss Loss, Tensor Targets, Func<Tensor, Tensor, Tensor> Libtorch) Of(string kind) => kind switch
    {
        "tokens" => (OutputLoss.CrossEntropy, Draw.Tokens("targets", K, N), (y, t) => nn.functional.cross_entropy(y, t, reduction: nn.Reduction.None)),
        "reals" => (OutputLoss.SquaredError, Draw.Uniform("targets", N, K), (y, t) => nn.functional.mse_loss(y, t, nn.Reduction.None).mean([1])),
        _ => (OutputLoss.BinaryCrossEntropy, Draw.Uniform("targets", N, K).gt(0).to(ScalarType.Float64),
            (y, t) => nn.functional.binary_cross_entropy_with_logits(y, t, reduction: nn.Reduction.None).sum(1L)),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Losses_and_gradients_equal_libtorchs_with_and_without_weights(string kind)
    {
        using var scope = NewDisposeScope();
        var (loss, targets, libtorch) = Of(kind);
        var rows = Draw.Uniform("rows", N, K) * 3;
        foreach (var weights in (Tensor?[])[null, tensor(new[] { 0.5, 0, 1, 2, 0.1 })])
        {
            var leaf = rows.clone().requires_grad_();
            var expected = libtorch(leaf, targets) * (weights ?? ones([N], ScalarType.Float64));
            using var pass = loss.Forward(rows, targets, weights);
            Same.Within(Difference.Autograd, expected.detach(), pass.Losses);
            var byHand = pass.Backward(0.7);
            Same.Within(Difference.Autograd, autograd.grad([expected.sum() * 0.7], [leaf])[0], byHand);
            double Sum()
            {
                using var inner = NewDisposeScope();
                using var again = loss.Forward(rows, targets, weights);
                return again.Losses.sum().item<double>() * 0.7;
            }
            Same.Within(Difference.CentralDifferences, CentralDifferences.Of(Sum, rows).view(N, K), byHand);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_loss_in_float32_is_that_in_float64_rounded(string kind)
    {
        using var scope = NewDisposeScope();
        var (loss, targets, _) = Of(kind);
        var (rows, weights) = (Draw.Uniform("rows", N, K) * 3, Draw.Uniform("weights", N).abs());
        Tensor Single(Tensor x) => x.dtype == ScalarType.Int64 ? x : x.to(ScalarType.Float32);
        using var wide = loss.Forward(rows, targets, weights);
        using var narrow = loss.Forward(Single(rows), Single(targets), Single(weights));
        Assert.Equal(ScalarType.Float32, narrow.Losses.dtype);
        Same.Within(1e-5, wide.Losses, narrow.Losses);
        Same.Within(1e-5, wide.Backward(1), narrow.Backward(1));
    }

    [Theory]
    [InlineData("reals"), InlineData("bits")]
    public void A_target_without_weight_may_be_anything(string kind)
    {
        using var scope = NewDisposeScope();
        var (loss, targets, _) = Of(kind);
        var rows = Draw.Uniform("rows", N, K);
        targets.select(0, 1).fill_(double.NaN);
        using var pass = loss.Forward(rows, targets, tensor(new[] { 1.0, 0, 1, 1, 1 }));
        Assert.True(pass.Losses.isfinite().all().item<bool>());
        var gradient = pass.Backward(1);
        Assert.True(gradient.isfinite().all().item<bool>());
        Assert.Equal(0, gradient.select(0, 1).abs().max().item<double>());
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();
        var rows = zeros([N, K], ScalarType.Float64);
        Assert.Throws<ArgumentException>(() => OutputLoss.SquaredError.Forward(rows, zeros([N, 1], ScalarType.Float64), null));
        Assert.Throws<ArgumentException>(() => OutputLoss.BinaryCrossEntropy.Forward(rows, zeros([N], ScalarType.Float64), null));
        Assert.Throws<ArgumentException>(() => OutputLoss.CrossEntropy.Forward(rows, zeros([N, K], ScalarType.Int64), null));
        Assert.Throws<ArgumentException>(() => OutputLoss.SquaredError.Forward(rows, rows, ones([N, 1], ScalarType.Float64)));
    }
}
