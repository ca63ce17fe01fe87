using System.Runtime.InteropServices;

namespace RnnLab.Analysis;

/// <summary>
/// The derivative of a scalar function by five points, element by element, in float64:
/// <code>
/// f' ≈ (f(x − 2h) − 8 f(x − h) + 8 f(x + h) − f(x + 2h)) / 12h
/// </code>
/// A loss f is rounded by several units in its last place, about 1e-15 f, which the quotient divides by h: the smaller the gradient
/// beside the loss, the wider the step has to be for the quotient to be right to 1e-8 of the gradient.
/// A wide step may cross a kink (relu) that a narrow one does not, and is wrong where f bends fast (a layer norm of a row that hardly varies), so each is no
/// wider than it must be:
/// <code>
/// ‖f'‖∞ ≥ 1e-2 f: h = 5e-6        ≥ 1e-4 f: h = 1e-4        ≥ 1e-5 f: h = 1e-3        below: h = 1e-2
/// </code>
/// </summary>
public static class CentralDifferences
{
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
        var size = Math.Abs(loss());
        double[] Quotients(double h) => [.. elements.Select(i => FivePoint(loss, x, (int)i, h))];
        static double Largest(double[] quotients) => quotients.Length == 0 ? 0 : quotients.Max(Math.Abs);

        var quotients = Quotients(5e-6);
        if (Largest(quotients) < 1e-2 * size)
            quotients = Quotients(1e-4);
        if (Largest(quotients) < 1e-4 * size)
            quotients = Quotients(1e-3);
        if (Largest(quotients) < 1e-5 * size)
            quotients = Quotients(1e-2);
        return tensor(quotients);
    }

    private static double FivePoint(Func<double> loss, Tensor x, int i, double h)
        => (At(loss, x, i, -2 * h) - 8 * At(loss, x, i, -h) + 8 * At(loss, x, i, h) - At(loss, x, i, 2 * h)) / (12 * h);

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
