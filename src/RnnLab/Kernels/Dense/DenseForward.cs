using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;

namespace RnnLab.Kernels.Dense;

/// <summary>y (N, O) = x (N, I) Wᵀ + b, with W (O, I) packed once and the rows divided among threads.</summary>
internal sealed unsafe class DenseForward<S, V, T> : Job, IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    // Rows that pass all panels together: what they take stays in a core's cache.
    private const int Together = 128;

    private readonly DenseSizes _size;
    private readonly Panels<T> _panels;
    private readonly NativeBuffer _bias;
    private readonly T* _x, _weight, _y;

    public DenseForward(DenseSizes size, T* x, T* weight, T* bias, T* y)
    {
        _size = size;
        _x = x;
        _weight = weight;
        _y = y;
        _panels = new Panels<T>(size.I, S.Count, PanelColumns.Of(size.O, S.Count));
        var width = (_panels.Columns.Length + 1) * S.Count;
        _bias = BufferPool.Shared.Rent((long)width * sizeof(T));
        var row = new Span<T>(_bias.Start, width);
        new Span<T>(bias, size.O).CopyTo(row);
        row[size.O..].Clear();
    }

    public override void Run(int worker)
    {
        var (from, to) = Share(_panels.Columns.Length, worker);
        for (var half = from; half < to; half++)
            Packing<T>.Transposed(_panels, half, _weight + (nint)half * S.Count * _size.I, Math.Clamp(_size.O - half * S.Count, 0, S.Count));
        WaitForAll();
        var (first, last) = Share(_size.N, worker);
        for (var row = first; row < last; row += Together)
            Multiply(row, Math.Min(last, row + Together));
    }

    public void Dispose()
    {
        _panels.Dispose();
        _bias.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(int first, int last)
    {
        nint I = _size.I, O = _size.O;
        for (var p = 0; p < _panels.Count; p++)
        {
            var column = _panels.Columns[2 * p];
            for (int row = first, block; row < last; row += block)
            {
                block = MicroKernel<S, V, T>.Next(last - row);
                Tile<S, V, T>.Set(block, I, _x + row * I, I, 1, _panels, p, (T*)_bias.Start + column, _y + row * O + column, O, _size.O - column);
            }
        }
    }
}
