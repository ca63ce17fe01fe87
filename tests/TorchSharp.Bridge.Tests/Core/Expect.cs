using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

/// <summary>Assertions over tensors.</summary>
internal static class Expect
{
    internal static void Values(Tensor actual, params double[] expected)
    {
        using var flat = actual.detach().to_type(ScalarType.Float64).reshape(-1);
        Assert.Equal(expected, flat.data<double>().ToArray());
    }

    internal static void Close(Tensor actual, double tolerance, params double[] expected)
    {
        using var flat = actual.detach().to_type(ScalarType.Float64).reshape(-1);
        var values = flat.data<double>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            Assert.True(Math.Abs(values[i] - expected[i]) <= tolerance, $"element {i}: {values[i]}, not {expected[i]}");
        }
    }

    internal static void Shape(Tensor actual, params long[] expected) => Assert.Equal(expected, actual.shape);
}
