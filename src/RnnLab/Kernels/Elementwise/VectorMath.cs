using System.Numerics;
using System.Runtime.CompilerServices;

namespace RnnLab.Kernels.Elementwise;

/// <summary>What System.Numerics has for float and for double, for either.</summary>
internal static class VectorMath
{
    /// <summary>A number in every element, rounded to T.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> All<T>(double value) where T : unmanaged, INumber<T> => Vector.Create(T.CreateTruncating(value));

    /// <summary>Σx², in float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> SquaresAsDouble<T>(Vector<T> x) where T : unmanaged
    {
        if (typeof(T) == typeof(double))
            return x.As<T, double>() * x.As<T, double>();
        Vector.Widen(x.As<T, float>(), out var low, out var high);
        return low * low + high * high;
    }
}
