using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RnnLab.Kernels.Products;

/// <summary>The sums of a packed block's columns, four or eight.</summary>
internal static unsafe class ColumnSums<T>
    where T : unmanaged
{
    /// <summary>to += the sums over rows, or to = them where it is fresh.</summary>
    /// <param name="block">Rows of <paramref name="columns"/> numbers without gaps.</param>
    /// <param name="columns">4 or 8.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="to">Where to add.</param>
    /// <param name="count">How many of the columns count, where that is fewer than there are.</param>
    /// <param name="fresh">Whether to set.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(T* block, int columns, int rows, T* to, int count, bool fresh)
    {
        var sums = stackalloc T[8];
        for (var column = 0; column < columns; column += Vector128<T>.Count)
        {
            // Four sums side by side: an addition waits for the one before it.
            Vector128<T> s0 = default, s1 = default, s2 = default, s3 = default;
            var p = block + column;
            var row = 0;
            for (; row + 4 <= rows; row += 4, p += 4 * columns)
            {
                s0 += Vector128.Load(p);
                s1 += Vector128.Load(p + columns);
                s2 += Vector128.Load(p + 2 * columns);
                s3 += Vector128.Load(p + 3 * columns);
            }
            for (; row < rows; row++, p += columns)
                s0 += Vector128.Load(p);
            (s0 + s1 + (s2 + s3)).Store(sums + column);
        }
        if (count > 0)
            Elements<T>.Put(to, sums, Math.Min(count, columns), fresh);
    }
}
