using System.Runtime.CompilerServices;

namespace RnnLab.Kernels.Simd;

/// <summary>
/// σ and tanh of a vector, σ within two units in the last place and tanh within three, for all of float and double; NaN stays NaN.
/// <code>
/// eˣ − 1 = 2ⁿ p + (2ⁿ − 1)      n = round(x / ln 2),  r = x − n ln 2,  p = eʳ − 1 by a polynomial on |r| ≤ ln 2 / 2
/// σ(x) = 1 / (1 + e⁻ˣ)          tanh(x) = (e²ˣ − 1) / ((e²ˣ − 1) + 2)
/// </code>
/// For |2x| ≤ ln 2 / 2 n is 0 and eˣ − 1 is p itself, so that tanh keeps its relative accuracy at 0.
/// </summary>
internal static class Activation<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid(V x)
    {
        // Beyond the limit e⁻ˣ leaves T's normal range; σ is there 0 or 1 to within twice its smallest normal number.
        var p = ExpM1(S.Clamp(x, typeof(T) == typeof(float) ? 87 : 708), -1, out var scale);
        return S.Divide(S.Constant(1), S.Add(S.MultiplyAdd(scale, p, scale), S.Constant(1)));
    }

    /// <summary>tanh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x)
    {
        // tanh of the limit rounds to 1.
        x = S.Clamp(x, typeof(T) == typeof(float) ? 10 : 20);
        var p = ExpM1(x, 2, out var scale);
        var e = S.MultiplyAdd(scale, p, S.Subtract(scale, S.Constant(1)));
        return S.Divide(e, S.Add(e, S.Constant(2)));
    }

    /// <summary>p = eʳ − 1 and scale = 2ⁿ with e^(factor·x) = scale · (p + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpM1(V x, double factor, out V scale)
    {
        const double inverseLn2 = 1.4426950408889634;
        var shifted = S.MultiplyAdd(x, S.Constant(factor * inverseLn2), S.Constant(RoundingShift<T>.Value));
        var n = S.Subtract(shifted, S.Constant(RoundingShift<T>.Value));
        scale = S.PowerOfTwo(shifted);
        x = S.Multiply(x, S.Constant(factor));
        // ln 2 in two parts, the first with so few bits that n times it is exact.
        return typeof(T) == typeof(float)
            ? SinglePolynomial(Reduce(x, n, 0.693359375, -2.1219444005471377e-4))
            : DoublePolynomial(Reduce(x, n, 0.693145751953125, 1.4286068203094172e-6));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce(V x, V n, double high, double low) => S.MultiplyAdd(n, S.Constant(-low), S.MultiplyAdd(n, S.Constant(-high), x));

    // Both polynomials interpolate (eʳ − 1 − r) / r² at the Chebyshev nodes of |r| ≤ ln 2 / 2; the relative error of eʳ − 1 is below
    // 6e-10 for the first and 6e-19 for the second, far less than a rounding.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinglePolynomial(V r)
    {
        var q = S.MultiplyAdd(r, S.Constant(1.9891030654370328e-4), S.Constant(1.3933685862617174e-3));
        q = S.MultiplyAdd(r, q, S.Constant(8.3333108895820772e-3));
        q = S.MultiplyAdd(r, q, S.Constant(4.1666464602026542e-2));
        q = S.MultiplyAdd(r, q, S.Constant(1.6666666681659179e-1));
        q = S.MultiplyAdd(r, q, S.Constant(5.0000000134981779e-1));
        return S.MultiplyAdd(S.Multiply(r, r), q, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V DoublePolynomial(V r)
    {
        var q = S.MultiplyAdd(r, S.Constant(2.0914717341716376e-9), S.Constant(2.5105259538448493e-8));
        q = S.MultiplyAdd(r, q, S.Constant(2.755727357010214e-7));
        q = S.MultiplyAdd(r, q, S.Constant(2.7557255297969645e-6));
        q = S.MultiplyAdd(r, q, S.Constant(2.4801587325605323e-5));
        q = S.MultiplyAdd(r, q, S.Constant(1.9841269874901259e-4));
        q = S.MultiplyAdd(r, q, S.Constant(1.3888888888883732e-3));
        q = S.MultiplyAdd(r, q, S.Constant(8.3333333333261121e-3));
        q = S.MultiplyAdd(r, q, S.Constant(4.166666666666977e-2));
        q = S.MultiplyAdd(r, q, S.Constant(1.6666666666666671e-1));
        q = S.MultiplyAdd(r, q, S.Constant(0.5));
        return S.MultiplyAdd(S.Multiply(r, r), q, r);
    }
}
