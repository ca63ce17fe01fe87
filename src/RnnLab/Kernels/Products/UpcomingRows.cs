using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;

namespace RnnLab.Kernels.Products;

/// <summary>One cache line of each of many rows that will be read soon and lie too far apart for the processor to foresee: asked for a few at a time.</summary>
internal unsafe struct UpcomingRows<T>(T* first, nint stride, int count)
    where T : unmanaged
{
    private T* _next = first;
    private int _left = count;

    /// <summary>Asks for the next so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(int rows)
    {
        for (var end = Math.Max(0, _left - rows); _left > end; _left--, _next += stride)
            Prefetch.Soon(_next);
    }
}
