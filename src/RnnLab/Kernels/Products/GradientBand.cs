using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Simd;

namespace RnnLab.Kernels.Products;

/// <summary>
/// A band of gate (or output) columns over some rows, packed for the products that give a weight's gradient, C (columns, N) += Aᵀ (columns, rows) · B (rows, N):
/// in blocks of columns, each with its rows one after the other.
/// </summary>
internal sealed unsafe class GradientBand<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    // Blocks of a band: it fetches whole cache lines, and uses each panel that many times while it is near.
    private const int Blocks = 2;

    private readonly NativeBuffer _memory;
    private readonly T* _zeros;
    private readonly int _mostRows;
    private int _columns, _rows;

    /// <summary>Room for a band of at most so many rows.</summary>
    public GradientBand(int mostRows)
    {
        _mostRows = mostRows;
        _memory = BufferPool.Shared.Rent((Blocks * BlockSize + 2 * S.Count) * sizeof(T));
        _zeros = Block(Blocks);
        new Span<T>(_zeros, 2 * S.Count).Clear();
    }

    /// <summary>The columns that a band has at most.</summary>
    public static int MostColumns => Blocks * BlockColumns;

    private static int BlockColumns => MicroKernel<S, V, T>.Rows;

    private nint BlockSize => (nint)BlockColumns * _mostRows;

    /// <summary>Starts a band of <paramref name="columns"/> columns without rows.</summary>
    public void Start(int columns) => (_columns, _rows) = (Math.Min(columns, MostColumns), 0);

    /// <summary>Appends rows.</summary>
    /// <param name="from">The band's first column of the first row.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="rows">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Append(T* from, nint stride, int rows)
    {
        var (whole, part) = (_columns / BlockColumns, _columns % BlockColumns);
        var to = (T*)_memory.Start + (nint)_rows * BlockColumns;
        for (var row = 0; row < rows; row++, from += stride, to += BlockColumns)
        {
            for (var block = 0; block < whole; block++)
                Unsafe.CopyBlockUnaligned(to + block * BlockSize, from + block * BlockColumns, (uint)(BlockColumns * sizeof(T)));
            for (var column = 0; column < (part == 0 ? 0 : BlockColumns); column++)
                to[whole * BlockSize + column] = column < part ? from[whole * BlockColumns + column] : default;
        }
        _rows += rows;
    }

    /// <summary>C += bandᵀ · B, and the sums of the band's columns into a bias.</summary>
    /// <param name="panels">B, with the band's rows.</param>
    /// <param name="N">B's columns.</param>
    /// <param name="c">C's row of the band's first column; rows without gaps.</param>
    /// <param name="valid">The columns that have a row in C, where those are fewer.</param>
    /// <param name="bias">Where to add the sums, or null.</param>
    /// <param name="fresh">Whether to set C and the bias instead of adding.</param>
    /// <param name="upcoming">Rows to ask for meanwhile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(Panels<T> panels, int N, T* c, int valid, T* bias, bool fresh, ref UpcomingRows<T> upcoming)
    {
        valid = Math.Min(valid, _columns);
        for (var p = 0; p < panels.Count; p++)
        {
            var column = panels.Columns[2 * p];
            for (var first = 0; first < valid; first += BlockColumns)
            {
                var rows = Math.Min(BlockColumns, valid - first);
                var to = c + (nint)first * N + column;
                upcoming.Fetch(4);
                PrefetchNext(to, rows, N);
                Tile<S, V, T>.Add(BlockColumns, _rows, Block(first / BlockColumns), 1, BlockColumns, panels, p, _zeros, to, N, rows, N - column, fresh);
            }
        }
        for (var first = 0; bias is not null && first < valid; first += BlockColumns)
            ColumnSums<T>.Add(Block(first / BlockColumns), BlockColumns, _rows, bias + first, valid - first, fresh);
    }

    public void Dispose() => _memory.Dispose();

    private T* Block(int k) => (T*)_memory.Start + k * BlockSize;

    /// <summary>The gradient's block after this one comes from afar while this one is summed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNext(T* c, int rows, int width)
    {
        for (var row = 0; row < rows; row++)
        {
            Prefetch.Near(c + (nint)row * width + 2 * S.Count);
            Prefetch.Near(c + (nint)row * width + 3 * S.Count);
        }
    }
}
