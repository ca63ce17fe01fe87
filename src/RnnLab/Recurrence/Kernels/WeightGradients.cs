using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// The sums over rows (time and batch) that give the weights' gradients:
/// <code>∂W_ih += Σ ∂a xᵀ    ∂W_hh += Σ ∂q h_{t-1}ᵀ    ∂b_ih += Σ ∂a    ∂b_hh += Σ ∂q</code>
/// Inputs and states are packed as panels; a thread takes a block of gate columns, packs it once and multiplies it with all panels. Every
/// element is one thread's, summed in one order: the result does not depend on who took which block.
/// </summary>
internal sealed unsafe class WeightGradients<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private readonly GateSlots _slots;
    private readonly Sizes _size;
    private readonly RowLayout _layout;
    private readonly LayerWeights<T> _to;
    private readonly T* _x;
    private readonly int _mostRows;
    private readonly Panels<T> _inputs, _states;
    private NativeBuffer? _blocks;
    private T* _zeros;
    private int _threads, _next;

    public WeightGradients(GateSlots slots, Sizes size, RowLayout layout, LayerWeights<T> to, T* x, int mostRows)
    {
        (_slots, _size, _layout, _to, _mostRows) = (slots, size, layout, to, mostRows);
        _x = x;
        _inputs = new Panels<T>(mostRows, S.Count, Columns(size.I));
        _states = new Panels<T>(mostRows, S.Count, Columns(size.H));
    }

    private static int BlockColumns => MicroKernel<S, V, T>.Rows;

    /// <summary>Where block <paramref name="b"/>'s columns start in a row of slots.</summary>
    private int Column(int b) => b / BlocksOfSlot * _layout.Padded + b % BlocksOfSlot * BlockColumns;

    private int BlocksOfSlot => _layout.Padded / BlockColumns;

    // A row of these is a cache line or half of one: each line is fetched once.
    private int BlocksAtOnce => BlocksOfSlot % 2 == 0 ? 2 : 1;

    private nint BlockSize => (nint)BlockColumns * _mostRows;

    private nint OwnSize => 2 * BlockSize;

    /// <summary>Makes room for the threads' own blocks.</summary>
    public void Prepare(int threads)
    {
        _threads = threads;
        _blocks = BufferPool.Shared.Rent((threads * OwnSize + 2 * S.Count) * sizeof(T));
        _zeros = (T*)_blocks.Start + threads * OwnSize;
        new Span<T>(_zeros, 2 * S.Count).Clear();
    }

    /// <summary>Packs a thread's share of the rows [row, row + count) of x and of the states before; all threads must meet afterwards.</summary>
    /// <param name="states">h_0, h_1, …, the rows of all steps.</param>
    /// <param name="row">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="worker">The thread.</param>
    public void Pack(T* states, int row, int count, int worker)
    {
        if (worker == 0)
            _next = 0;
        var (from, to) = Job.Share(_inputs.Count + _states.Count, worker, _threads);
        if (from < _inputs.Count)
            Packing<T>.Rows(_inputs, from, Math.Min(to, _inputs.Count), 0, _x + (nint)row * _size.I, _size.I, count, _size.I);
        if (to > _inputs.Count)
            Packing<T>.Rows(_states, Math.Max(0, from - _inputs.Count), to - _inputs.Count, 0, states + (nint)row * _layout.Padded, _layout.Padded, count, _size.H);
    }

    /// <summary>Adds the products of those rows, block by block as threads come free.</summary>
    /// <param name="gates">The gradients of the projections, the rows of all steps.</param>
    /// <param name="row">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="worker">The thread.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(T* gates, int row, int count, int worker)
    {
        var block = (T*)_blocks!.Start + worker * OwnSize;
        var rows = gates + (nint)row * _layout.Stride;
        var last = (BlocksOfSlot * _slots.Count) - BlocksAtOnce;
        for (int b; (b = Interlocked.Add(ref _next, BlocksAtOnce) - BlocksAtOnce) < BlocksOfSlot * _slots.Count;)
        {
            var (slot, first) = (b / BlocksOfSlot, b % BlocksOfSlot * BlockColumns);
            PackBlocks(rows + Column(b), block, count);
            var upcoming = new UpcomingRows<T>(rows + Column(Math.Min(b + _threads * BlocksAtOnce, last)), _layout.Stride, count);
            for (var k = 0; k < BlocksAtOnce; k++)
            {
                var packed = block + k * BlockSize;
                var unit = first + k * BlockColumns;
                var units = Math.Min(BlockColumns, _size.H - unit);
                if (units <= 0)
                    break;
                if (_slots.Input[slot] is var gate and >= 0)
                    AddProducts(packed, count, units, _inputs, _size.I, _to.Ih, _to.BiasIh, (nint)gate * _size.H + unit, ref upcoming);
                if (_slots.Recurrent[slot] is var recurrent and >= 0)
                    AddProducts(packed, count, units, _states, _size.H, _to.Hh, _to.BiasHh, (nint)recurrent * _size.H + unit, ref upcoming);
            }
        }
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _states.Dispose();
        _blocks?.Dispose();
    }

    private static int[] Columns(int width)
    {
        var vectors = (width + S.Count - 1) / S.Count;
        return [.. Enumerable.Range(0, vectors + vectors % 2).Select(v => v * S.Count)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void PackBlocks(T* from, T* to, int count)
    {
        var (stride, both) = ((nint)_layout.Stride, BlocksAtOnce == 2);
        var second = to + BlockSize;
        for (var row = 0; row < count; row++, from += stride, to += BlockColumns, second += BlockColumns)
        {
            Unsafe.CopyBlockUnaligned(to, from, (uint)(BlockColumns * sizeof(T)));
            if (both)
                Unsafe.CopyBlockUnaligned(second, from + BlockColumns, (uint)(BlockColumns * sizeof(T)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddProducts(T* packed, int count, int units, Panels<T> panels, int width, T* weight, T* bias, nint firstRow, ref UpcomingRows<T> upcoming)
    {
        var rows = BlockColumns;
        var zeros = _zeros;
        for (var p = 0; p < panels.Count; p++)
        {
            var column = panels.Columns[2 * p];
            var c = weight + firstRow * width + column;
            upcoming.Fetch(8);
            // The next block of the gradient comes from afar while this one is summed.
            for (var row = 0; row < units; row++)
            {
                Prefetch.Near(c + (nint)row * width + 2 * S.Count);
                Prefetch.Near(c + (nint)row * width + 3 * S.Count);
            }
            if (units == rows && column + 2 * S.Count <= width)
                Tile<S, V, T>.AddWhole(rows, count, packed, 1, rows, panels[p], c, width);
            else
                Tile<S, V, T>.AddPart(rows, count, packed, 1, rows, panels[p], zeros, c, width, units, width - column);
        }
        if (bias is not null)
            ColumnSums<T>.Add(packed, rows, count, bias + firstRow, units);
    }
}
