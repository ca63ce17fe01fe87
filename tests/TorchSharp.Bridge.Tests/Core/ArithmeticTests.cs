using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

public sealed class ArithmeticTests
{
    private static readonly double[] Three = [1, 2, 4];

    [Fact]
    public void Operators_work_between_tensors_and_numbers_on_either_side()
    {
        var a = tensor(Three);
        Expect.Values(a + a, 2, 4, 8);
        Expect.Values(a - 1, 0, 1, 3);
        Expect.Values(1 - a, 0, -1, -3);
        Expect.Values(2.0 * a, 2, 4, 8);
        Expect.Values(a / 2, 0.5, 1, 2);
        Expect.Values(4 / a, 4, 2, 1);
        Expect.Values(a % 3, 1, 2, 1);
        Expect.Values(-a, -1, -2, -4);
        Expect.Values((Scalar)1 - a, 0, -1, -3);
    }

    [Fact]
    public void A_number_does_not_change_the_tensors_type()
    {
        Assert.Equal(ScalarType.Float32, (ones(1) + 1.0).dtype);
        Assert.Equal(ScalarType.Int64, (arange(3) + 1).dtype);
        Assert.Equal(ScalarType.Float32, (arange(3) * 0.5).dtype);
    }

    [Fact]
    public void In_place_operations_return_the_tensor_itself()
    {
        var a = tensor(Three);
        Assert.Same(a, a.add_(1));
        Assert.Same(a, a.mul_(a));
        Expect.Values(a, 4, 9, 25);
        Assert.Same(a, a.sub_(4).div_(5));
        Expect.Values(a, 0, 1, 4.2);
        Assert.Same(a, a.zero_());
        Assert.Same(a, a.fill_(3));
        Expect.Values(a, 3, 3, 3);
        Assert.Same(a, a.copy_(tensor(Three)));
        Expect.Values(a, 1, 2, 4);
    }

    [Fact]
    public void Alpha_scales_the_second_term()
    {
        var a = tensor(Three);
        Expect.Values(a.add(a, 0.5), 1.5, 3, 6);
        Expect.Values(a.clone().add_(a, -1), 0, 0, 0);
        Expect.Values(addcmul(a, a, a, 2), 3, 10, 36);
        Expect.Values(a.clone().addcmul_(a, a, 1), 2, 6, 20);
        Expect.Values(a.clone().addcdiv_(a, a, 3), 4, 5, 7);
        Expect.Values(a.clone().lerp_(zeros(3, dtype: ScalarType.Float64), 0.5), 0.5, 1, 2);
    }

    [Fact]
    public void Division_rounds_as_asked()
    {
        var a = tensor(new[] { -7.0, 7.0 });
        Expect.Values(a.div(2, RoundingMode.floor), -4, 3);
        Expect.Values(a.div(2, RoundingMode.trunc), -3, 3);
        Expect.Values(a.div(tensor(2.0)), -3.5, 3.5);
    }

    [Fact]
    public void Functions_have_their_values()
    {
        var x = tensor(new[] { -0.5, 0.0, 2.0 });
        var v = x.data<double>().ToArray();
        Expect.Close(x.sigmoid(), 1e-15, Of(v, t => 1 / (1 + Math.Exp(-t))));
        Expect.Close(tanh(x), 1e-15, Of(v, Math.Tanh));
        Expect.Values(x.relu(), 0, 0, 2);
        Expect.Close(exp(x), 1e-14, Of(v, Math.Exp));
        Expect.Close(x.expm1(), 1e-14, Of(v, t => Math.Exp(t) - 1));
        Expect.Close(log1p(x), 1e-14, Of(v, t => Math.Log(1 + t)));
        Expect.Close(x.sin(), 1e-15, Of(v, Math.Sin));
        Expect.Close(x.cos(), 1e-15, Of(v, Math.Cos));
        Expect.Close(tensor(Three).log(), 1e-15, Of(Three, Math.Log));
        Expect.Close(tensor(Three).rsqrt(), 1e-15, Of(Three, t => 1 / Math.Sqrt(t)));
        Expect.Values(tensor(Three).reciprocal(), 1, 0.5, 0.25);
        Expect.Values(x.square(), 0.25, 0, 4);
        Expect.Values(x.pow(2), 0.25, 0, 4);
        Expect.Values(x.abs(), 0.5, 0, 2);
        Expect.Values(x.sign(), -1, 0, 1);
        Expect.Values(x.floor(), -1, 0, 2);
        Expect.Values(x.clamp(-0.25, 1), -0.25, 0, 1);
        Expect.Values(x.clamp(min: 0.5), 0.5, 0.5, 2);
        Expect.Values(x.clamp_max(0), -0.5, 0, 0);
        Expect.Close(x.erf(), 1e-10, -0.5204998778130465, 0, 0.9953222650189527);
    }

    [Fact]
    public void Softmax_sums_to_one_and_its_logarithm_agrees()
    {
        var x = tensor(new double[,] { { 1, 2, 3 }, { 0, 0, 0 } });
        var p = x.softmax(1);
        Expect.Close(p.sum(1), 1e-15, 1, 1);
        Expect.Close(p[1], 1e-15, 1 / 3.0, 1 / 3.0, 1 / 3.0);
        Assert.True(x.log_softmax(1).allclose(p.log()));
    }

    [Fact]
    public void Comparisons_make_truth_values()
    {
        var a = tensor(Three);
        Assert.Equal(ScalarType.Bool, (a > 1).dtype);
        Expect.Values(a > 1, 0, 1, 1);
        Expect.Values(a <= tensor(2.0), 1, 1, 0);
        Expect.Values(a == 2, 0, 1, 0);
        Expect.Values(a.ne(2), 1, 0, 1);
        Expect.Values(a.lt(2).logical_or(a.gt(2)), 1, 0, 1);
        Expect.Values(tensor(new[] { double.NaN, double.PositiveInfinity, 1 }).isnan(), 1, 0, 0);
        Expect.Values(tensor(new[] { double.NaN, double.PositiveInfinity, 1 }).isfinite(), 0, 0, 1);
        Assert.True(a.Equals(tensor(Three)));
        Assert.False(a.Equals(a + 1));
        Assert.True(a.allclose(a + 1e-9));
        Assert.False(a.allclose(a + 1e-3));
    }

    [Fact]
    public void Products_of_matrices_have_their_values()
    {
        var a = tensor(new double[,] { { 1, 2 }, { 3, 4 } });
        var b = tensor(new double[,] { { 5, 6 }, { 7, 8 } });
        Expect.Values(a.mm(b), 19, 22, 43, 50);
        Expect.Values(matmul(a, b), 19, 22, 43, 50);
        Expect.Values(a.mv(tensor(new[] { 1.0, 1.0 })), 3, 7);
        Expect.Values(dot(a[0], b[1]), 23);
        Expect.Values(outer(a[0], b[0]), 5, 6, 10, 12);
        Expect.Values(a.unsqueeze(0).bmm(b.unsqueeze(0)), 19, 22, 43, 50);
        Expect.Values(addmm(a, a, b, 2, 0.5f), 11.5, 15, 27.5, 33);
        Assert.Same(a, a.addmm_(b, b, beta: 0, alpha: 1));
        Expect.Values(a, 67, 78, 91, 106);
        Expect.Values(einsum("ij,kj->ik", b, b), 61, 83, 83, 113);
    }

    private static double[] Of(double[] values, Func<double, double> f) => Array.ConvertAll(values, t => f(t));

    [Fact]
    public void Bits_are_shifted_and_combined()
    {
        var x = tensor(new[] { 1L, 6, -8, 1L << 40 });
        var n = tensor(new[] { 3L, 1, 2, 7 });
        Expect.Values(bitwise_left_shift(x, n), 8, 12, -32, 1L << 47);
        Expect.Values(bitwise_right_shift(x, n), 0, 3, -2, 1L << 33);
        Expect.Values((x & n) ^ (x | n), 2, 7, -6, (1L << 40) + 7);
        var y = x.clone();
        Assert.Same(y, bitwise_left_shift_(y, n));
        Expect.Values(bitwise_right_shift_(y, n), 1, 6, -8, 1L << 40);
        Assert.Equal(ScalarType.Int64, y.dtype);
    }
}
