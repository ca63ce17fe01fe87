using RnnLab.Analysis;
using RnnLab.Layers;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Layers;

/// <summary>Linear, embedding, one-hot, dropout and the losses: each backward against autograd and central differences.</summary>
public sealed class LayerTests
{
    private static void Matches(Tensor byHand, Tensor byAutograd, Func<double> loss, Tensor variable)
    {
        Same.Within(Difference.Autograd, byAutograd, byHand);
        Same.Within(Difference.CentralDifferences, CentralDifferences.Of(loss, variable).view(variable.shape), byHand);
    }

    [Fact]
    public void Linear_backward_is_right_for_x_W_and_b()
    {
        using var scope = NewDisposeScope();
        using var linear = new Linear(5, 3, 1, dtype: ScalarType.Float64);
        var (x, R) = (Draw.Uniform("x", 4, 5), Draw.Uniform("R", 4, 3));
        var leaf = x.clone().requires_grad_();
        var expected = autograd.grad([(linear.Bias.addmm(leaf, linear.Weight.t()) * R).sum()], [leaf, linear.Weight, linear.Bias]);
        var dx = linear.Backward(x, R);
        double Loss()
        {
            using var inner = NewDisposeScope();
            return (linear.Forward(x) * R).sum().item<double>();
        }
        Matches(dx, expected[0], Loss, x);
        Matches(Gradients.Of(linear.Weight), expected[1], Loss, linear.Weight);
        Matches(Gradients.Of(linear.Bias), expected[2], Loss, linear.Bias);
    }

    [Fact]
    public void Embedding_backward_adds_up_where_a_token_repeats()
    {
        using var scope = NewDisposeScope();
        using var embedding = new Embedding(4, 3, 1, dtype: ScalarType.Float64);
        var ids = tensor(new long[] { 0, 2, 2, 1, 2, 0 }, [3, 2]);
        var R = Draw.Uniform("R", 3, 2, 3);
        var looked = embedding.Weight.index_select(0, ids.reshape(-1)).view(3, 2, 3);
        var expected = autograd.grad([(looked * R).sum()], [embedding.Weight])[0];
        Same.Exactly(looked.detach(), embedding.Forward(ids));
        embedding.Backward(ids, R);
        Matches(Gradients.Of(embedding.Weight), expected, () =>
        {
            using var inner = NewDisposeScope();
            return (embedding.Forward(ids) * R).sum().item<double>();
        }, embedding.Weight);
        Assert.Equal(0, Gradients.Of(embedding.Weight).select(0, 3).abs().max().item<double>());
    }

    [Fact]
    public void One_hot_is_the_identity_matrixs_row()
    {
        using var scope = NewDisposeScope();
        using var oneHot = new OneHot(4, ScalarType.Float64);
        var ids = tensor(new long[] { 3, 0, 1, 1 }, [2, 2]);
        Same.Exactly(eye(4, dtype: ScalarType.Float64).index_select(0, ids.reshape(-1)).view(2, 2, 4), oneHot.Forward(ids));
        Assert.Empty(oneHot.parameters());
    }

    [Fact]
    public void Softmax_cross_entropy_equals_libtorchs_and_its_backward_is_right()
    {
        using var scope = NewDisposeScope();
        var (logits, targets) = (Draw.Uniform("logits", 5, 7) * 3, Draw.Tokens("targets", 7, 5));
        var leaf = logits.clone().requires_grad_();
        var loss = nn.functional.cross_entropy(leaf, targets);
        var expected = autograd.grad([loss], [leaf])[0];
        Same.Within(Difference.Autograd, loss.detach(), SoftmaxCrossEntropy.Forward(logits, targets, out var log_p).mean());
        Matches(SoftmaxCrossEntropy.Backward(log_p, targets, 1.0 / 5), expected, () =>
        {
            using var inner = NewDisposeScope();
            return SoftmaxCrossEntropy.Forward(logits, targets, out _).mean().item<double>();
        }, logits);
    }

    [Fact]
    public void Softmax_cross_entropy_stays_exact_where_softmax_underflows()
    {
        using var scope = NewDisposeScope();
        // p of the target is e^-2000 = 0 in float64; −ln p is 2000 all the same.
        var rows = SoftmaxCrossEntropy.Forward(tensor(new double[] { 0, 2000 }, [1, 2]), tensor(new long[] { 0 }), out var log_p);
        Assert.Equal(2000, rows.item<double>());
        Assert.Equal([-1.0, 1.0], SoftmaxCrossEntropy.Backward(log_p, tensor(new long[] { 0 }), 1).data<double>().ToArray());
    }

    [Fact]
    public void Mean_squared_error_equals_libtorchs_and_its_backward_is_right()
    {
        using var scope = NewDisposeScope();
        var (y, target) = (Draw.Uniform("y", 4, 3), Draw.Uniform("target", 4, 3));
        var leaf = y.clone().requires_grad_();
        var loss = nn.functional.mse_loss(leaf, target);
        Same.Within(Difference.Autograd, loss.detach(), MeanSquaredError.Forward(y, target));
        Matches(MeanSquaredError.Backward(y, target), autograd.grad([loss], [leaf])[0], () =>
        {
            using var inner = NewDisposeScope();
            return MeanSquaredError.Forward(y, target).item<double>();
        }, y);
    }

    [Fact]
    public void A_dropout_mask_keeps_the_mean_and_repeats_for_the_same_steps()
    {
        using var scope = NewDisposeScope();
        var dropout = new Dropout(0.25, seed: 1, "test");
        var x = ones([200, 10, 10], ScalarType.Float64);
        var mask = dropout.Mask(x.shape, 0, x.dtype, x.device);
        // 20,000 coins: the standard error of the mean is √(.25/.75)/√20000 = .004.
        Assert.InRange(mask.mean().item<double>(), 0.984, 1.016);
        Assert.All(mask.reshape(-1).data<double>().ToArray(), m => Assert.True(m == 0 || Math.Abs(m - 1 / 0.75) < 1e-7));
        Same.Exactly(mask.narrow(0, 50, 10).contiguous(), dropout.Mask([10, .. x.shape[1..]], 50, x.dtype, x.device));
    }

    [Fact]
    public void Wrong_shapes_and_types_are_refused()
    {
        using var scope = NewDisposeScope();
        using var linear = new Linear(5, 3, 1);
        Assert.Contains("expected (N, 5)", Assert.Throws<ArgumentException>(() => linear.Forward(zeros(2, 4))).Message, StringComparison.Ordinal);
        using var embedding = new Embedding(4, 3, 1);
        Assert.Contains("int64", Assert.Throws<ArgumentException>(() => embedding.Forward(zeros(2, 2))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Forward(zeros(3, 2), zeros([4], ScalarType.Int64), out _));
        Assert.Throws<ArgumentException>(() => MeanSquaredError.Forward(zeros(3), zeros(4)));
    }
}
