using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary>A gradient carried through an activation, by the activation's value: the vector form of <see cref="Cells.Derivative"/>.</summary>
internal static class Slope<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>dy · y(1 − y).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid(V dy, V y) => S.Multiply(S.Multiply(dy, y), S.Subtract(S.Constant(1), y));

    /// <summary>dy · (1 − y²).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V dy, V y) => S.Multiply(dy, S.Subtract(S.Constant(1), S.Multiply(y, y)));
}
