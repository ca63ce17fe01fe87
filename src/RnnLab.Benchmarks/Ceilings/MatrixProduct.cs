using System.Diagnostics;
using RnnLab.Randomness;

namespace RnnLab.Benchmarks.Ceilings;

/// <summary>libtorch's product of two square matrices of 2048, on its own threads: what its BLAS reaches on a large problem.</summary>
internal sealed class MatrixProduct : IDisposable
{
    private const long N = 2048;
    private readonly Tensor _a, _b, _c;

    public MatrixProduct(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var row = new RandomStream(1, "bench/product").Uniform([1, N], -1, 1).to(dtype);
        // Which numbers stand in it does not matter to a product, so long as none is denormal.
        (_a, _b) = (row.t().mm(row).DetachFromDisposeScope(), row.t().mm(row).DetachFromDisposeScope());
        _c = zeros([N, N], dtype).DetachFromDisposeScope();
    }

    /// <summary>GF/s of one product.</summary>
    public double Measure()
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        // In place: new memory for each result would be measured as well.
        _c.addmm_(_a, _b, 0);
        return 2.0 * N * N * N / Stopwatch.GetElapsedTime(start).TotalSeconds * 1e-9;
    }

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c.Dispose();
    }
}
