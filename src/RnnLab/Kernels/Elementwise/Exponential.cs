using System.Numerics;
using System.Runtime.CompilerServices;
using static System.Numerics.Vector;

namespace RnnLab.Kernels.Elementwise;

/// <summary>
/// e^x = 2^n e^r with n = round(x / ln 2), r = x − n ln 2, so that |r| ≤ ln 2 / 2, where the Taylor series of e^r to r⁷ for float and to r¹³ for
/// double leaves less than a tenth of a unit in the last place. The whole errs by 1.03 units at most where seen (.NET's Vector.Exp, which takes
/// ten times as long, by 1.8): ∞ and 0 where e^x overflows and underflows, subnormal numbers before it is 0, and NaN of NaN.
/// </summary>
internal static class Exponential
{
    // 1.5 times 2^(mantissa bits): added to a small number it leaves its nearest integer in the lowest bits.
    private const float Shift32 = 12582912;
    private const double Shift64 = 6755399441055744;

    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Of<T>(Vector<T> x) where T : unmanaged
        => typeof(T) == typeof(float) ? Of(x.As<T, float>()).As<float, T>() : Of(x.As<T, double>()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Of(Vector<float> x)
    {
        // Comparisons with NaN are false, so it stays.
        x = ConditionalSelect(LessThan(x, Create(-110f)), Create(-110f), x);
        x = ConditionalSelect(GreaterThan(x, Create(90f)), Create(90f), x);
        var n = MultiplyAddEstimate(x, Create(1.44269504f), Create(Shift32)) - Create(Shift32);
        // ln 2 in two parts; n times the first is exact.
        var r = MultiplyAddEstimate(n, Create(-0.693359375f), x);
        r = MultiplyAddEstimate(n, Create(2.1219444e-4f), r);
        var q = Create(1 / 5040f);
        q = MultiplyAddEstimate(q, r, Create(1 / 720f));
        q = MultiplyAddEstimate(q, r, Create(1 / 120f));
        q = MultiplyAddEstimate(q, r, Create(1 / 24f));
        q = MultiplyAddEstimate(q, r, Create(1 / 6f));
        q = MultiplyAddEstimate(q, r, Create(1 / 2f));
        var e = MultiplyAddEstimate(q, r * r, r) + Create(1f);
        // 2^n in two factors: n goes beyond the exponents that there are.
        var half = MultiplyAddEstimate(n, Create(0.5f), Create(Shift32));
        var rest = n - (half - Create(Shift32)) + Create(Shift32);
        return e * PowerOfTwo(half) * PowerOfTwo(rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Of(Vector<double> x)
    {
        x = ConditionalSelect(LessThan(x, Create(-760.0)), Create(-760.0), x);
        x = ConditionalSelect(GreaterThan(x, Create(720.0)), Create(720.0), x);
        var n = MultiplyAddEstimate(x, Create(1.4426950408889634), Create(Shift64)) - Create(Shift64);
        var r = MultiplyAddEstimate(n, Create(-0.6931471806019545), x);
        r = MultiplyAddEstimate(n, Create(4.200915072681084e-11), r);
        var q = Create(1 / 6227020800.0);
        q = MultiplyAddEstimate(q, r, Create(1 / 479001600.0));
        q = MultiplyAddEstimate(q, r, Create(1 / 39916800.0));
        q = MultiplyAddEstimate(q, r, Create(1 / 3628800.0));
        q = MultiplyAddEstimate(q, r, Create(1 / 362880.0));
        q = MultiplyAddEstimate(q, r, Create(1 / 40320.0));
        q = MultiplyAddEstimate(q, r, Create(1 / 5040.0));
        q = MultiplyAddEstimate(q, r, Create(1 / 720.0));
        q = MultiplyAddEstimate(q, r, Create(1 / 120.0));
        q = MultiplyAddEstimate(q, r, Create(1 / 24.0));
        q = MultiplyAddEstimate(q, r, Create(1 / 6.0));
        q = MultiplyAddEstimate(q, r, Create(1 / 2.0));
        var e = MultiplyAddEstimate(q, r * r, r) + Create(1.0);
        var half = MultiplyAddEstimate(n, Create(0.5), Create(Shift64));
        var rest = n - (half - Create(Shift64)) + Create(Shift64);
        return e * PowerOfTwo(half) * PowerOfTwo(rest);
    }

    /// <summary>2^n of an integer n with the shift added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> PowerOfTwo(Vector<float> shifted) => AsVectorSingle((AsVectorInt32(shifted) << 23) + Create(127 << 23));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> PowerOfTwo(Vector<double> shifted) => AsVectorDouble((AsVectorInt64(shifted) << 52) + Create(1023L << 52));
}
