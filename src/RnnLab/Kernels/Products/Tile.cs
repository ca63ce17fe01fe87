using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Kernels.Products;

/// <summary>
/// Blocks of a result that lies in a tensor's own memory, where rows end where they end: a block that would reach beyond goes
/// through a small array.
/// </summary>
internal static unsafe class Tile<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>C = init + A · panel.</summary>
    /// <param name="rows">As in <see cref="MicroKernel{S, V, T}.Block"/>.</param>
    /// <param name="K">Terms.</param>
    /// <param name="a">A.</param>
    /// <param name="rs">Row stride of A.</param>
    /// <param name="ks">Column stride of A.</param>
    /// <param name="panels">The panels.</param>
    /// <param name="p">Which of them.</param>
    /// <param name="init">A row of two vectors that every row of C starts from.</param>
    /// <param name="c">C.</param>
    /// <param name="ldc">Row stride of C.</param>
    /// <param name="columns">Columns that C has from here on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(int rows, nint K, T* a, nint rs, nint ks, Panels<T> panels, int p, T* init, T* c, nint ldc, int columns)
    {
        var vectors = panels.Vectors(p);
        if (columns >= vectors * S.Count)
            MicroKernel<S, V, T>.Block(rows, K, a, rs, ks, panels[p], vectors, init, 0, S.Count, c, ldc, S.Count);
        else
            SetPart(rows, K, a, rs, ks, panels, p, init, c, ldc, columns);
    }

    /// <summary>C += A · panel, or C = A · panel where C is fresh.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(int rows, nint K, T* a, nint rs, nint ks, Panels<T> panels, int p, T* zeros, T* c, nint ldc, int validRows, int columns, bool fresh)
    {
        var vectors = panels.Vectors(p);
        if (validRows == rows && columns >= vectors * S.Count)
            MicroKernel<S, V, T>.Block(rows, K, a, rs, ks, panels[p], vectors, fresh ? zeros : c, fresh ? 0 : ldc, S.Count, c, ldc, S.Count);
        else
            AddPart(rows, K, a, rs, ks, panels, p, zeros, c, ldc, validRows, Math.Min(columns, 2 * S.Count), fresh);
    }

    private static void AddPart(int rows, nint K, T* a, nint rs, nint ks, Panels<T> panels, int p, T* zeros, T* c, nint ldc, int validRows, int columns, bool fresh)
    {
        var width = 2 * S.Count;
        var block = stackalloc T[8 * width];
        MicroKernel<S, V, T>.Block(rows, K, a, rs, ks, panels[p], panels.Vectors(p), zeros, 0, S.Count, block, width, S.Count);
        for (var row = 0; row < validRows; row++)
            Elements<T>.Put(c + row * ldc, block + row * width, columns, fresh);
    }

    private static void SetPart(int rows, nint K, T* a, nint rs, nint ks, Panels<T> panels, int p, T* init, T* c, nint ldc, int columns)
    {
        var width = 2 * S.Count;
        var block = stackalloc T[8 * width];
        MicroKernel<S, V, T>.Block(rows, K, a, rs, ks, panels[p], panels.Vectors(p), init, 0, S.Count, block, width, S.Count);
        for (var row = 0; row < rows; row++)
            new Span<T>(block + row * width, columns).CopyTo(new Span<T>(c + row * ldc, columns));
    }
}
