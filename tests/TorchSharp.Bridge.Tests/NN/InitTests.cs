using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.init;

namespace TorchSharp.Bridge.Tests.NN;

public sealed class InitTests
{
    private static Tensor New(params long[] shape) => zeros(shape, dtype: ScalarType.Float64, requires_grad: true);

    private static void Uniform(Tensor tensor, double bound)
    {
        var values = Numbers.Values(tensor);
        Assert.InRange(values.Max(), 0.98 * bound, bound);
        Assert.InRange(values.Min(), -bound, -0.98 * bound);
        Assert.InRange(values.Average(), -0.05 * bound, 0.05 * bound);
    }

    [Fact]
    public void Constants_fill_a_leaf_in_place_and_return_it()
    {
        using var t = New(3);
        Assert.Same(t, ones_(t));
        Assert.Equal([1, 1, 1], Numbers.Values(t));
        Assert.Equal([2.5, 2.5, 2.5], Numbers.Values(constant_(t, 2.5)));
        Assert.Equal([0, 0, 0], Numbers.Values(zeros_(t)));
        Assert.True(t.requires_grad && t.is_leaf);
    }

    [Fact]
    public void Uniform_and_normal_have_their_moments()
    {
        manual_seed(7);
        using var t = New(100, 80);
        var u = Numbers.Values(uniform_(t, 2, 5));
        Assert.InRange(u.Min(), 2, 2.05);
        Assert.InRange(u.Max(), 4.95, 5);
        var n = Numbers.Values(normal_(t, 1, 3));
        Assert.InRange(n.Average(), 0.8, 1.2);
        Assert.InRange(Math.Sqrt(n.Average(v => (v - 1) * (v - 1))), 2.85, 3.15);
    }

    [Fact]
    public void Xavier_and_Kaiming_have_their_bounds()
    {
        manual_seed(8);
        using var t = New(60, 90);
        Assert.Equal((90L, 60L), CalculateFanInAndFanOut(t));
        Uniform(xavier_uniform_(t), Math.Sqrt(6.0 / 150));
        Uniform(glorot_uniform_(t, 2), 2 * Math.Sqrt(6.0 / 150));
        Uniform(kaiming_uniform_(t), Math.Sqrt(2.0) * Math.Sqrt(3.0 / 90));
        Uniform(kaiming_uniform_(t, a: Math.Sqrt(5)), 1 / Math.Sqrt(90));
        Uniform(kaiming_uniform_(t, mode: FanInOut.FanOut, nonlinearity: NonlinearityType.Tanh), 5.0 / 3 * Math.Sqrt(3.0 / 60));
        var values = Numbers.Values(kaiming_normal_(t, nonlinearity: NonlinearityType.ReLU));
        Assert.Equal(Math.Sqrt(2.0 / 90), Math.Sqrt(values.Average(v => v * v)), 0.01);
        Assert.ThrowsAny<Exception>(() => xavier_uniform_(New(3)));
        using var convolution = New(4, 5, 3, 2);
        Assert.Equal((30L, 24L), CalculateFanInAndFanOut(convolution));
    }

    [Theory]
    [InlineData(6, 4)]
    [InlineData(4, 6)]
    [InlineData(5, 5)]
    public void Orthogonal_rows_or_columns_have_the_gain_as_length(long rows, long columns)
    {
        using var t = New(rows, columns);
        Assert.Same(t, orthogonal_(t, 2));
        var m = t.detach();
        using var product = rows <= columns ? m.mm(m.t()) : m.t().mm(m);
        using var expected = eye(Math.Min(rows, columns), dtype: ScalarType.Float64) * 4;
        Assert.True(Numbers.Error(product, expected) < 1e-14);
        Assert.ThrowsAny<Exception>(() => orthogonal_(New(3)));
    }

    [Fact]
    public void Gains_are_PyTorchs()
    {
        Assert.Equal(1, calculate_gain(NonlinearityType.Linear));
        Assert.Equal(1, calculate_gain(NonlinearityType.Sigmoid));
        Assert.Equal(5.0 / 3, calculate_gain(NonlinearityType.Tanh));
        Assert.Equal(Math.Sqrt(2), calculate_gain(NonlinearityType.ReLU));
        Assert.Equal(Math.Sqrt(2 / 1.04), calculate_gain(NonlinearityType.LeakyReLU, 0.2), 1e-15);
    }
}
