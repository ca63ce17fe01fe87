namespace RnnLab.Analysis;

/// <summary>
/// The one metric of equality: d(a, b) = max|a − b| / max(‖b‖∞, tiny), b being the reference. What counts as equal in it:
/// <list type="table">
/// <item><term><see cref="CentralDifferences"/></term><description>1e-7, float64: ten times what the quotients are good for.</description></item>
/// <item><term><see cref="Autograd"/></term><description>1e-12, float64: the same operations in another order.</description></item>
/// <item><term><see cref="Libtorch64"/>, <see cref="Libtorch32"/></term><description>1e-11 and 1e-5: libtorch's own RNN, LSTM and GRU, which group their products otherwise.</description></item>
/// </list>
/// </summary>
public static class Difference
{
    /// <summary>Against central differences, float64.</summary>
    public const double CentralDifferences = 1e-7;

    /// <summary>Against autograd, float64.</summary>
    public const double Autograd = 1e-12;

    /// <summary>Against libtorch's own recurrent operators, float64.</summary>
    public const double Libtorch64 = 1e-11;

    /// <summary>Against libtorch's own recurrent operators, float32.</summary>
    public const double Libtorch32 = 1e-5;

    private const double Tiny = 1e-300;

    /// <summary>d(a, b). NaN or infinity anywhere gives infinity.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static double Of(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (!a.shape.SequenceEqual(b.shape))
            throw new ArgumentException($"shapes ({string.Join(", ", a.shape)}) and ({string.Join(", ", b.shape)}) cannot be compared");
        if (a.numel() == 0)
            return 0;
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var (x, y) = (a.cpu().to(ScalarType.Float64), b.cpu().to(ScalarType.Float64));
        var difference = (x - y).abs().max().item<double>();
        var d = difference / Math.Max(y.abs().max().item<double>(), Tiny);
        return double.IsFinite(d) ? d : double.PositiveInfinity;
    }
}
