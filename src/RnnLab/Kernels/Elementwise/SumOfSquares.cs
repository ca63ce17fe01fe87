using System.Numerics;
using System.Runtime.InteropServices;

namespace RnnLab.Kernels.Elementwise;

/// <summary>
/// Σx² in one reading pass, summed in float64: a float's square is exact there and cannot overflow. The order of the sum depends on the
/// vector's width alone.
/// </summary>
internal static class SumOfSquares
{
    /// <summary>Σx².</summary>
    public static double Of<T>(ReadOnlySpan<T> x) where T : unmanaged, INumber<T> => Sum(x, false, 0);

    /// <summary>Σ min(|x|, bound)².</summary>
    public static double OfClamped<T>(ReadOnlySpan<T> x, double bound) where T : unmanaged, INumber<T> => Sum(x, true, bound);

    private static double Sum<T>(ReadOnlySpan<T> x, bool clamped, double bound) where T : unmanaged, INumber<T>
    {
        var width = Vector<T>.Count;
        var whole = x.Length - x.Length % width;
        ref var first = ref MemoryMarshal.GetReference(x);
        var limit = VectorMath.All<T>(bound);
        // Four sums at a time: one would wait for its own last addition.
        var (s0, s1, s2, s3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
        var i = 0;
        for (; i <= whole - 4 * width; i += 4 * width)
        {
            s0 += Squares(Vector.LoadUnsafe(ref first, (nuint)i), clamped, limit);
            s1 += Squares(Vector.LoadUnsafe(ref first, (nuint)(i + width)), clamped, limit);
            s2 += Squares(Vector.LoadUnsafe(ref first, (nuint)(i + 2 * width)), clamped, limit);
            s3 += Squares(Vector.LoadUnsafe(ref first, (nuint)(i + 3 * width)), clamped, limit);
        }
        for (; i < whole; i += width)
            s0 += Squares(Vector.LoadUnsafe(ref first, (nuint)i), clamped, limit);
        if (whole < x.Length)
        {
            Span<T> tail = stackalloc T[width];
            tail.Clear();
            x[whole..].CopyTo(tail);
            s1 += Squares(new Vector<T>(tail), clamped, limit);
        }
        return Vector.Sum(s0 + s1 + (s2 + s3));
    }

    private static Vector<double> Squares<T>(Vector<T> x, bool clamped, Vector<T> limit) where T : unmanaged
        => VectorMath.SquaresAsDouble(clamped ? Vector.Min(Vector.Max(x, -limit), limit) : x);
}
