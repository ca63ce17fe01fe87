using RnnLab.Randomness;

namespace RnnLab.Tests.Support;

/// <summary>Random tensors of a test: each name gives its own numbers, the same at every run.</summary>
internal static class Draw
{
    public static Tensor Uniform(string name, params long[] shape) => new RandomStream(7, name).Uniform(shape, -1, 1);

    public static Tensor Tokens(string name, long vocabulary, params long[] shape)
        => (new RandomStream(7, name).Uniform(shape, 0, 1) * vocabulary).to(ScalarType.Int64);
}
