using System.Runtime.InteropServices;

namespace RnnLab.Analysis;

/// <summary>
/// The derivative of a scalar function by differences, element by element, in float64:
/// <code>
/// three points:  f' ≈ (f(x + h) − f(x − h)) / 2h                                          h = 1e-5
/// five points:   f' ≈ (f(x − 2h) − 8 f(x − h) + 8 f(x + h) − f(x + 2h)) / 12h             h = 1e-3
/// </code>
/// Rounding limits the three-point form to about 1e-11 times the loss; where the gradient is under 1e-4 of the loss that is no longer
/// 1e-7 of it, and the five-point form (rounding 1e-13, truncation h⁴) is used.
/// </summary>
public static class CentralDifferences
{
    private const double Step = 1e-5, WideStep = 1e-3, SmallGradient = 1e-4;

    /// <summary>∂loss/∂x at some elements.</summary>
    /// <param name="loss">The loss as a function of what x holds at the time.</param>
    /// <param name="x">float64, contiguous, on the CPU; changed and put back.</param>
    /// <param name="elements">Which elements, by their place in memory; null for all.</param>
    /// <returns>(elements), float64.</returns>
    /// <exception cref="ArgumentException">x is not float64, contiguous and on the CPU.</exception>
    public static Tensor Of(Func<double> loss, Tensor x, IReadOnlyList<long>? elements = null)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(x);
        if (x.dtype != ScalarType.Float64 || !x.is_contiguous() || x.device.type != DeviceType.CPU)
            throw new ArgumentException("central differences need a contiguous float64 tensor on the CPU", nameof(x));
        elements ??= [.. Enumerable.Range(0, (int)x.numel()).Select(i => (long)i)];
        var quotients = elements.Select(i => ThreePoint(loss, x, (int)i)).ToArray();
        if (quotients.Length > 0 && quotients.Max(Math.Abs) < SmallGradient * Math.Abs(loss()))
            quotients = [.. elements.Select(i => FivePoint(loss, x, (int)i))];
        return tensor(quotients);
    }

    private static double ThreePoint(Func<double> loss, Tensor x, int i) => (At(loss, x, i, Step) - At(loss, x, i, -Step)) / (2 * Step);

    private static double FivePoint(Func<double> loss, Tensor x, int i)
    {
        var h = WideStep;
        return (At(loss, x, i, -2 * h) - 8 * At(loss, x, i, -h) + 8 * At(loss, x, i, h) - At(loss, x, i, 2 * h)) / (12 * h);
    }

    private static double At(Func<double> loss, Tensor x, int i, double shift)
    {
        var value = Value(x, i);
        var original = value[0];
        value[0] = original + shift;
        try
        {
            return loss();
        }
        finally
        {
            value[0] = original;
        }
    }

    private static Span<double> Value(Tensor x, int i) => MemoryMarshal.Cast<byte, double>(x.bytes).Slice(i, 1);
}
