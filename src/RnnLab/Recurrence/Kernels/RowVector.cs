using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary>Vectors of a row that lies in a tensor's own memory and ends where it ends.</summary>
internal static unsafe class RowVector<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>The vector at a place of a row, with zeros beyond the row's end.</summary>
    /// <param name="row">The row.</param>
    /// <param name="from">Where the vector begins.</param>
    /// <param name="width">Numbers of the row.</param>
    /// <param name="tail">Room for a vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load(T* row, int from, int width, T* tail)
    {
        if (from + S.Count <= width)
            return S.Load(row + from);
        for (var k = 0; k < S.Count; k++)
            tail[k] = from + k < width ? row[from + k] : default;
        return S.Load(tail);
    }
}
