using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// The sums over rows (time and batch) that give the weights' gradients, for the rows and units of one thread:
/// <code>∂W_ih += Σ ∂a xᵀ    ∂W_hh += Σ ∂q h_{t-1}ᵀ    ∂b_ih += Σ ∂a    ∂b_hh += Σ ∂q</code>
/// Inputs and states of some steps are packed as panels; then one band of gate columns after the other is packed and multiplied with all of them.
/// </summary>
internal sealed unsafe class WeightGradients<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    // Blocks of a band: it fetches whole cache lines, and uses each panel that many times while it is near.
    private const int BandBlocks = 4;

    private readonly GateSlots _slots;
    private readonly Sizes _size;
    private readonly RowLayout _layout;
    private readonly int _mostRows;
    private readonly Panels<T> _inputs, _states;
    private readonly NativeBuffer _own;
    private readonly T* _x, _zeros;

    /// <summary>Room for the sums of one thread.</summary>
    /// <param name="slots">The cell's slots.</param>
    /// <param name="size">The call's sizes.</param>
    /// <param name="layout">The tape's rows.</param>
    /// <param name="x">The inputs of all steps.</param>
    /// <param name="mostRows">Rows that are summed at once, at most.</param>
    public WeightGradients(GateSlots slots, Sizes size, RowLayout layout, T* x, int mostRows)
    {
        (_slots, _size, _layout, _mostRows) = (slots, size, layout, mostRows);
        _x = x;
        _inputs = new Panels<T>(mostRows, S.Count, PanelColumns.Of(size.I, S.Count));
        _states = new Panels<T>(mostRows, S.Count, PanelColumns.Of(size.H, S.Count));
        _own = BufferPool.Shared.Rent((BandBlocks * BlockSize + 2 * S.Count) * sizeof(T));
        _zeros = (T*)_own.Start + BandBlocks * BlockSize;
        new Span<T>(_zeros, 2 * S.Count).Clear();
    }

    private static int BlockColumns => MicroKernel<S, V, T>.Rows;

    private static int BandColumns => BandBlocks * BlockColumns;

    private nint BlockSize => (nint)BlockColumns * _mostRows;

    /// <summary>Adds the sums over the steps [first, last) and rows of the batch [rows.From, rows.To) for the units [units.From, units.To).</summary>
    /// <param name="memory">Gradients of the projections, and the states.</param>
    /// <param name="first">The first step.</param>
    /// <param name="last">The step after the last.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="units">Units, from a multiple of a band's blocks on.</param>
    /// <param name="to">Where to.</param>
    /// <param name="fresh">Whether to set what is there instead of adding to it.</param>
    public void Add(SequenceMemory<T> memory, int first, int last, (int From, int To) rows, (int From, int To) units, LayerWeights<T> to, bool fresh)
    {
        var each = rows.To - rows.From;
        // A batch of very many rows is summed in parts.
        for (var row = rows.From; row < rows.To; row += _mostRows)
        {
            var count = Math.Min(each, Math.Min(_mostRows, rows.To - row));
            Pack(memory, first, last, row, count);
            AddPacked(memory, first, last, row, count, units, to, fresh && row == rows.From);
        }
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _states.Dispose();
        _own.Dispose();
    }

    private void Pack(SequenceMemory<T> memory, int first, int last, int row, int count)
    {
        for (var t = first; t < last; t++)
        {
            nint k = (t - first) * count;
            Packing<T>.Rows(_inputs, 0, _inputs.Count, k, _x + ((nint)t * _size.B + row) * _size.I, _size.I, count, _size.I);
            Packing<T>.Rows(_states, 0, _states.Count, k, memory.H(t) + (nint)row * _layout.Padded, _layout.Padded, count, _size.H);
        }
    }

    private void AddPacked(SequenceMemory<T> memory, int first, int last, int row, int count, (int From, int To) units, LayerWeights<T> to, bool fresh)
    {
        var terms = (last - first) * count;
        var gates = memory.Gates(first) + (nint)row * _layout.Stride;
        for (var slot = 0; slot < _slots.Count; slot++)
            for (var unit = units.From; unit < units.To; unit += BandColumns)
            {
                var band = gates + slot * _layout.Padded + unit;
                var blocks = Math.Min(BandBlocks, (units.To - unit) / BlockColumns);
                PackBand(band, blocks, last - first, count);
                var upcoming = new UpcomingRows<T>(unit + BandColumns < units.To ? band + BandColumns : band + _layout.Padded - unit + units.From, _layout.Stride, terms);
                if (_slots.Input[slot] is var gate and >= 0)
                    AddProducts(blocks, terms, unit, _inputs, _size.I, to.Ih, to.BiasIh, gate, fresh, ref upcoming);
                if (_slots.Recurrent[slot] is var recurrent and >= 0)
                    AddProducts(blocks, terms, unit, _states, _size.H, to.Hh, to.BiasHh, recurrent, fresh, ref upcoming);
            }
    }

    /// <summary>Blocks of gate columns, each with its rows one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PackBand(T* from, int blocks, int steps, int count)
    {
        var (stride, size) = ((nint)_layout.Stride, BlockSize);
        var to = (T*)_own.Start;
        for (var t = 0; t < steps; t++, from += (_size.B - count) * stride)
            for (var row = 0; row < count; row++, from += stride, to += BlockColumns)
                for (var block = 0; block < blocks; block++)
                    Unsafe.CopyBlockUnaligned(to + block * size, from + block * BlockColumns, (uint)(BlockColumns * sizeof(T)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddProducts(int blocks, int terms, int unit, Panels<T> panels, int width, T* weight, T* bias, int gate, bool fresh, ref UpcomingRows<T> upcoming)
    {
        var band = (T*)_own.Start;
        var first = (nint)gate * _size.H + unit;
        for (var p = 0; p < panels.Count; p++)
        {
            var column = panels.Columns[2 * p];
            for (var block = 0; block < blocks; block++)
            {
                var units = Math.Min(BlockColumns, _size.H - unit - block * BlockColumns);
                if (units <= 0)
                    break;
                var c = weight + (first + block * BlockColumns) * width + column;
                upcoming.Fetch(4);
                PrefetchNext(c, units, width);
                Tile<S, V, T>.Add(BlockColumns, terms, band + block * BlockSize, 1, BlockColumns, panels[p], _zeros, c, width, units, width - column, fresh);
            }
        }
        for (var block = 0; bias is not null && block < blocks; block++)
            ColumnSums<T>.Add(band + block * BlockSize, BlockColumns, terms, bias + first + block * BlockColumns, _size.H - unit - block * BlockColumns, fresh);
    }

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
