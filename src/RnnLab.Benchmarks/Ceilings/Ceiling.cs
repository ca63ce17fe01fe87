namespace RnnLab.Benchmarks.Ceilings;

/// <summary>
/// Both ceilings, sampled before the first comparison and between the pairs of each. A ceiling is the best of all the run's samples so far: whatever disturbs
/// one only lowers it.
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

    /// <summary>GF/s of fused multiply-adds.</summary>
    public double Fma { get; private set; }

    /// <summary>GF/s of the matrix product.</summary>
    public double Product { get; private set; }

    /// <summary>Measures both once.</summary>
    public void Sample() => (Fma, Product) = (Math.Max(Fma, _fma()), Math.Max(Product, _product()));

    /// <summary>Measures both so many times.</summary>
    public void Sample(int times)
    {
        for (var k = 0; k < times; k++)
            Sample();
    }

    public void Dispose() => _owned?.Dispose();
}
