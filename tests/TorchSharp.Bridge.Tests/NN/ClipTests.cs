using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils;

namespace TorchSharp.Bridge.Tests.NN;

public sealed class ClipTests
{
    private static Parameter With(params double[] grad)
    {
        var parameter = nn.Parameter(zeros(grad.Length, dtype: ScalarType.Float64));
        parameter.grad = tensor(grad);
        return parameter;
    }

    [Fact]
    public void The_norm_is_taken_over_all_gradients_and_scaled_down_to_the_limit()
    {
        using var a = With(3, 0);
        using var b = With(0, 4, 12);
        using var none = nn.Parameter(zeros(2));
        Assert.Equal(13, clip_grad_norm_([a, none, b], 2), 1e-12);
        var scale = 2 / (13 + 1e-6);
        Assert.True(Numbers.Error(Numbers.Values(a.grad!), [3 * scale, 0]) < 1e-14);
        Assert.True(Numbers.Error(Numbers.Values(b.grad!), [0, 4 * scale, 12 * scale]) < 1e-14);
        Assert.Null(none.grad);
    }

    [Fact]
    public void A_norm_under_the_limit_changes_nothing()
    {
        using var a = With(3, -4);
        Assert.Equal(5, clip_grad_norm_([a], 100), 1e-12);
        Assert.Equal([3, -4], Numbers.Values(a.grad!));
    }

    [Fact]
    public void Other_norms_can_be_asked_for()
    {
        using var a = With(3, -4);
        using var b = With(-7);
        Assert.Equal(14, clip_grad_norm_([a, b], 100, 1), 1e-12);
        Assert.Equal(7, clip_grad_norm_([a, b], 3.5, double.PositiveInfinity), 1e-12);
        Assert.Equal(-3.5, Numbers.Values(b.grad!)[0], 1e-6);
    }

    [Fact]
    public void Values_are_clamped_one_by_one()
    {
        using var a = With(3, -4, 0.5);
        clip_grad_value_([a], 1);
        Assert.Equal([1, -1, 0.5], Numbers.Values(a.grad!));
    }

    [Fact]
    public void Parameters_become_a_vector_and_back()
    {
        using var a = nn.Parameter(Numbers.Wave(1, 2, 3));
        using var b = nn.Parameter(Numbers.Wave(2, 4));
        using var vector = parameters_to_vector([a, b]);
        Assert.Equal([.. Numbers.Values(a), .. Numbers.Values(b)], Numbers.Values(vector));
        using var other = Numbers.Wave(3, 10);
        vector_to_parameters(other, [a, b]);
        Assert.Equal(Numbers.Values(other)[..6], Numbers.Values(a));
        Assert.Equal(Numbers.Values(other)[6..], Numbers.Values(b));
    }
}
