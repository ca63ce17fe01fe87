using System.Runtime.CompilerServices;

namespace RnnLab.Kernels.Simd;

/// <summary>1.5 · 2^(bits of the significand): x + m − m is x rounded to an integer, and that integer stands in the lowest bits of x + m.</summary>
internal static class RoundingShift<T>
    where T : unmanaged
{
    public static double Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? 12582912.0 : 6755399441055744.0;
    }
}
