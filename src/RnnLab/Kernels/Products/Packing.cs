using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RnnLab.Kernels.Products;

/// <summary>Copies weights and rows into panels; what has no counterpart there is 0.</summary>
internal static unsafe class Packing<T>
    where T : unmanaged
{
    private const int TransposedTogether = 64;

    /// <summary>Half a panel from rows of a weight (·, K), for products with its transpose: column n of the panel is row first + n.</summary>
    /// <param name="panels">Where to.</param>
    /// <param name="half">The number of the vector.</param>
    /// <param name="weight">The first of the rows.</param>
    /// <param name="rows">How many there are, at most a vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transposed(Panels<T> panels, int half, T* weight, int rows)
    {
        nint K = panels.K, width = panels.Vectors(half / 2) * panels.Vector;
        var to = panels[half / 2] + half % 2 * panels.Vector;
        // In pieces of K, so that the lines written to stay in the nearest cache until they are full.
        for (nint first = 0, last; first < K; first = last)
        {
            last = Math.Min(K, first + TransposedTogether);
            var row = 0;
            for (; row + 4 <= rows; row += 4)
                FourRows(weight + row * K, to + row, K, first, last, width);
            for (; row < panels.Vector; row++)
                for (var k = first; k < last; k++)
                    to[k * width + row] = row < rows ? weight[row * K + k] : default;
        }
    }

    /// <summary>Four rows of a weight become four neighbouring columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRows(T* a, T* to, nint K, nint k, nint last, nint width)
    {
        T* b = a + K, c = b + K, d = c + K;
        if (Sse.IsSupported && typeof(T) == typeof(float))
            for (; k + 4 <= last; k += 4)
            {
                Vector128<float> ra = Vector128.Load((float*)(a + k)), rb = Vector128.Load((float*)(b + k)), rc = Vector128.Load((float*)(c + k)), rd = Vector128.Load((float*)(d + k));
                Vector128<float> ab = Sse.UnpackLow(ra, rb), cd = Sse.UnpackLow(rc, rd), abHigh = Sse.UnpackHigh(ra, rb), cdHigh = Sse.UnpackHigh(rc, rd);
                var line = (float*)(to + k * width);
                Sse.MoveLowToHigh(ab, cd).Store(line);
                Sse.MoveHighToLow(cd, ab).Store(line + width);
                Sse.MoveLowToHigh(abHigh, cdHigh).Store(line + 2 * width);
                Sse.MoveHighToLow(cdHigh, abHigh).Store(line + 3 * width);
            }
        for (; k < last; k++)
        {
            var line = to + k * width;
            (line[0], line[1], line[2], line[3]) = (a[k], b[k], c[k], d[k]);
        }
    }

    /// <summary>Rows of panels from rows of a matrix (·, N) itself: column n of panel p is the matrix's column p · (two vectors) + n.</summary>
    /// <param name="panels">Where to.</param>
    /// <param name="first">The first panel.</param>
    /// <param name="last">The panel after the last.</param>
    /// <param name="k">The first row of the panels.</param>
    /// <param name="matrix">The first row of the matrix.</param>
    /// <param name="stride">From one row of the matrix to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="N">Columns of the matrix; 0 for rows of zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(Panels<T> panels, int first, int last, nint k, T* matrix, nint stride, int rows, int N)
    {
        var width = 2 * panels.Vector;
        // Row by row, so that what is read lies together.
        for (var row = 0; row < rows; row++, k++, matrix += stride)
            for (var p = first; p < last; p++)
            {
                var own = panels.Vectors(p) * panels.Vector;
                Line(matrix + p * width, panels[p] + k * own, own, N - p * width);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Line(T* from, T* to, int width, int columns)
    {
        var column = 0;
        for (; column + Vector256<T>.Count <= Math.Min(columns, width); column += Vector256<T>.Count)
            Vector256.Load(from + column).Store(to + column);
        for (; column < width; column++)
            to[column] = column < columns ? from[column] : default;
    }
}
