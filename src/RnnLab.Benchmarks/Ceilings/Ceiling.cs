namespace RnnLab.Benchmarks.Ceilings;

/// <summary>
/// Both ceilings, sampled between the pairs of a comparison. A ceiling is the best of its short samples: whatever disturbs one only
/// lowers it.
/// </summary>
internal sealed class Ceiling : IDisposable
{
    private readonly Func<double> _fma, _product;
    private readonly IDisposable? _owned;

    public Ceiling(ScalarType dtype, int threads, double leadIn, double seconds)
    {
        var product = new MatrixProduct(dtype);
        (_fma, _product, _owned) = (() => FusedMultiplyAdds.Measure(dtype, threads, leadIn, seconds), product.Measure, product);
    }

    /// <summary>A ceiling over other measurements.</summary>
    public Ceiling(Func<double> fma, Func<double> product) => (_fma, _product) = (fma, product);

    /// <summary>GF/s of fused multiply-adds, since the last reset.</summary>
    public double Fma { get; private set; }

    /// <summary>GF/s of the matrix product, since the last reset.</summary>
    public double Product { get; private set; }

    /// <summary>Measures both once.</summary>
    public void Sample() => (Fma, Product) = (Math.Max(Fma, _fma()), Math.Max(Product, _product()));

    /// <summary>Forgets what was measured, before other minutes are looked at.</summary>
    public void Reset() => (Fma, Product) = (0, 0);

    public void Dispose() => _owned?.Dispose();
}
