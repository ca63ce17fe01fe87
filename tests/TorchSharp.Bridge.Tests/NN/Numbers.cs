using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.NN;

/// <summary>Tensors of doubles made and read in the tests of this folder.</summary>
internal static class Numbers
{
    /// <summary>Values that differ from each other, within (−1, 1), the same at every call with the same seed.</summary>
    internal static Tensor Wave(int seed, params long[] shape)
    {
        var count = (int)shape.Aggregate(1L, (product, size) => product * size);
        var values = Enumerable.Range(1, count).Select(i => Math.Sin(1.7 * i + 0.61 * seed) * Math.Cos(0.3 * i * seed)).ToArray();
        return tensor(values, ScalarType.Float64).reshape(shape);
    }

    internal static double[] Values(Tensor tensor)
    {
        using var flat = tensor.detach().to(ScalarType.Float64).contiguous().reshape(-1);
        return flat.data<double>().ToArray();
    }

    /// <summary>max |actual − expected| / max ‖expected‖, shapes equal.</summary>
    internal static double Error(Tensor actual, Tensor expected)
    {
        Assert.Equal(expected.shape, actual.shape);
        return Error(Values(actual), Values(expected));
    }

    internal static double Error(double[] actual, double[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Max(expected.Max(Math.Abs), 1e-300);
        return actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max() / scale;
    }
}
