using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Bridge.Tests.NN;

public sealed class LossTests
{
    private static readonly double[,] Logits = { { 1.0, -2.0, 0.5 }, { 0.0, 3.0, -1.0 }, { 2.0, 2.0, 2.0 }, { -1.0, 0.0, 4.0 } };
    private static readonly long[] Targets = [0, 1, 2, 0];
    private static readonly double[] A = [0.2, -1.5, 3.0, 0.9];
    private static readonly double[] B = [0.0, 0.5, 1.0, 1.0];

    private static double LogSoftmax(int row, int column)
    {
        var exps = Enumerable.Range(0, 3).Select(k => Math.Exp(Logits[row, k])).Sum();
        return Logits[row, column] - Math.Log(exps);
    }

    private static double[] Each() => [.. Enumerable.Range(0, 4).Select(n => -LogSoftmax(n, (int)Targets[n]))];

    private static void Near(double expected, Tensor actual) => Assert.Equal(expected, actual.item<double>(), 1e-13);

    [Fact]
    public void Cross_entropy_is_minus_the_log_softmax_at_the_target()
    {
        using var x = tensor(Logits);
        using var y = tensor(Targets);
        Near(Each().Average(), F.cross_entropy(x, y));
        Near(Each().Sum(), F.cross_entropy(x, y, reduction: nn.Reduction.Sum));
        Assert.True(Numbers.Error(Numbers.Values(F.cross_entropy(x, y, reduction: nn.Reduction.None)), Each()) < 1e-14);
        Near(Each().Average(), nn.CrossEntropyLoss().call(x, y));
        Near(Each().Average(), F.nll_loss(F.log_softmax(x, 1), y));
        Near(Each().Average(), nn.NLLLoss().call(F.log_softmax(x, 1), y));
    }

    [Fact]
    public void Ignored_targets_do_not_count()
    {
        using var x = tensor(Logits);
        using var y = tensor(Targets);
        Near((Each()[1] + Each()[2]) / 2, F.cross_entropy(x, y, ignore_index: 0));
        Near((Each()[1] + Each()[2]) / 2, nn.CrossEntropyLoss(ignore_index: 0).call(x, y));
    }

    [Fact]
    public void Class_weights_weigh_the_mean()
    {
        using var x = tensor(Logits);
        using var y = tensor(Targets);
        using var w = tensor(new[] { 1.0, 2.0, 3.0 });
        var each = Each();
        Near((each[0] + 2 * each[1] + 3 * each[2] + each[3]) / 7, F.cross_entropy(x, y, w));
    }

    [Fact]
    public void Label_smoothing_mixes_in_the_uniform_distribution()
    {
        using var x = tensor(Logits);
        using var y = tensor(Targets);
        const double eps = 0.1;
        var expected = Enumerable.Range(0, 4).Average(n =>
            (1 - eps) * Each()[n] - eps / 3 * Enumerable.Range(0, 3).Sum(k => LogSoftmax(n, k)));
        Near(expected, F.cross_entropy(x, y, label_smoothing: eps));
    }

    [Fact]
    public void The_gradient_of_cross_entropy_is_softmax_minus_the_target()
    {
        using var x = tensor(Logits, requires_grad: true);
        using var y = tensor(Targets);
        F.cross_entropy(x, y).backward();
        using var expected = (F.softmax(x.detach(), 1) - F.one_hot(y, 3)) / 4;
        Assert.True(Numbers.Error(x.grad!, expected) < 1e-14);
    }

    [Fact]
    public void Regression_losses_equal_their_formulas()
    {
        using var a = tensor(A);
        using var b = tensor(B);
        var d = A.Zip(B, (p, q) => p - q).ToArray();
        Near(d.Average(e => e * e), F.mse_loss(a, b));
        Near(d.Sum(e => e * e), nn.MSELoss(nn.Reduction.Sum).call(a, b));
        Near(d.Average(Math.Abs), F.l1_loss(a, b));
        Near(d.Average(Math.Abs), nn.L1Loss().call(a, b));
        double Smooth(double e, double beta) => Math.Abs(e) < beta ? e * e / (2 * beta) : Math.Abs(e) - beta / 2;
        Near(d.Average(e => Smooth(e, 1)), F.smooth_l1_loss(a, b));
        Near(d.Average(e => Smooth(e, 0.5)), F.smooth_l1_loss(a, b, beta: 0.5));
        Near(d.Average(e => Smooth(e, 2)), nn.SmoothL1Loss(beta: 2).call(a, b));
    }

    [Fact]
    public void Binary_cross_entropy_equals_its_formula_and_the_logit_form()
    {
        using var a = tensor(A);
        using var b = tensor(B);
        using var p = a.sigmoid();
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        var each = A.Zip(B, (x, y) => -(y * Math.Log(Sigmoid(x)) + (1 - y) * Math.Log(1 - Sigmoid(x)))).ToArray();
        Near(each.Average(), F.binary_cross_entropy(p, b));
        Near(each.Average(), F.binary_cross_entropy_with_logits(a, b));
        Near(each.Sum(), nn.BCELoss(reduction: nn.Reduction.Sum).call(p, b));
        Near(each.Sum(), nn.BCEWithLogitsLoss(reduction: nn.Reduction.Sum).call(a, b));

        using var positive = tensor(new[] { 3.0 });
        var weighted = A.Zip(B, (x, y) => -(3 * y * Math.Log(Sigmoid(x)) + (1 - y) * Math.Log(1 - Sigmoid(x)))).Average();
        Near(weighted, F.binary_cross_entropy_with_logits(a, b, pos_weights: positive));
    }

    [Fact]
    public void Wrong_shapes_and_targets_are_exceptions()
    {
        using var x = tensor(Logits);
        Assert.ThrowsAny<Exception>(() => F.cross_entropy(x, tensor(new long[] { 0, 1 })));
        Assert.ThrowsAny<Exception>(() => F.cross_entropy(x, tensor(new long[] { 0, 1, 2, 3 })));
        Assert.ThrowsAny<Exception>(() => F.binary_cross_entropy(tensor(B), zeros(1, dtype: ScalarType.Float64)));
        Assert.ThrowsAny<Exception>(() => F.mse_loss(tensor(A), zeros(3, dtype: ScalarType.Float64)));
    }
}
