using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// The adjoint of <see cref="FusedForward{S, V, T, C}"/>, back-propagation through time. A thread takes its rows (and units) back through φ and W_hhᵀ and leaves the
/// gradients of the projections where the activations were; every few steps it multiplies those, while they are near, with the inputs and the states before: its
/// part of the weights' gradients. Threads share nothing on the way but the packed weights; their parts are added up in the end.
/// </summary>
internal sealed unsafe class FusedBackward<S, V, T, C> : Job, IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
    where C : struct, IFusedCell<S, V, T>
{
    // Rows of the products that give the weights' gradients: long sums in registers, and panels that stay in a core's cache.
    private const int SummedRows = 256;

    private readonly Sizes _size;
    private readonly RowLayout _layout;
    private readonly WorkerGrid _grid;
    private readonly SpinBarrier[] _rowBarriers;
    private readonly Panels<T> _hh;
    private readonly Panels<T>? _ih;
    private readonly UnitWeights<T> _units;
    private readonly OutputProjectionBack<S, V, T>? _projection;
    private readonly PartialSums<S, V, T> _gradients;
    private WeightGradients<S, V, T>[] _sums = [];
    private readonly NativeBuffer _state;
    private readonly LayerWeights<T> _weights;
    private readonly LayerState<T> _last, _first;
    private readonly T* _x, _dOutput, _dx, _dh, _dc, _zeros;
    private readonly int _chunk;
    private SequenceMemory<T> _memory = null!;
    private int _from, _to;

    /// <summary>A backward pass.</summary>
    /// <param name="size">The call's sizes.</param>
    /// <param name="grid">Threads.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="gradients">Theirs, which are added to.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="dOutput">∂L/∂output.</param>
    /// <param name="last">∂L/∂s_T; null pointers for 0.</param>
    /// <param name="dx">Receives ∂L/∂x, or null where nobody wants it.</param>
    /// <param name="first">Receives ∂L/∂s_0.</param>
    public FusedBackward(Sizes size, WorkerGrid grid, LayerWeights<T> weights, LayerWeights<T> gradients,
        T* x, T* dOutput, LayerState<T> last, T* dx, LayerState<T> first)
    {
        (_size, _grid, _weights, _last, _first) = (size, grid, weights, last, first);
        _x = x;
        _dOutput = dOutput;
        _dx = dx;
        _layout = new RowLayout(C.Slots, size.H, size.O, S.Count);
        _chunk = Chunk(size.T, size.B, grid);
        var k = C.Slots.Gates * _layout.Padded;
        _hh = new Panels<T>(k, S.Count, PanelColumns.Of(C.HasRecurrentProduct ? _layout.PaddedOutput : 0, S.Count));
        _ih = dx is null ? null : new Panels<T>(k, S.Count, PanelColumns.Of(size.I, S.Count));
        _units = new UnitWeights<T>(C.Slots, weights.Units, _layout);
        _projection = C.IsProjected ? new(size, _layout, _chunk) : null;
        var gateRows = (long)C.Slots.Gates * size.H;
        _gradients = new PartialSums<S, V, T>(grid.Rows,
            ((nint)gradients.Ih, gateRows * size.I), ((nint)gradients.Hh, gateRows * size.K), ((nint)gradients.BiasIh, gateRows), ((nint)gradients.BiasHh, gateRows),
            ((nint)gradients.Hr, C.IsProjected ? (long)size.O * size.H : 0), ((nint)gradients.Units, (long)C.Slots.UnitWeights.Count * size.H));
        long dh = (long)size.B * _layout.PaddedOutput, dc = C.HasCellState ? (long)size.B * _layout.Padded : 0;
        var zeros = 2 * S.Count;
        _state = BufferPool.Shared.Rent((dh + dc + zeros) * sizeof(T));
        _dh = (T*)_state.Start;
        _dc = C.HasCellState ? _dh + dh : null;
        _zeros = _dh + dh + dc;
        new Span<T>(_zeros, zeros).Clear();
        _rowBarriers = [.. Enumerable.Range(0, grid.Rows).Select(_ => new SpinBarrier(grid.Units))];
    }

    /// <summary>Steps whose part of the weights' gradients is summed at once. They begin at multiples of it, whatever the ranges.</summary>
    public static int Chunk(int T, int B, WorkerGrid grid) => Math.Clamp(SummedRows * grid.Rows / B, 1, T);

    /// <summary>Rows that a thread sums at once, at most.</summary>
    public static int MostRows(int chunk, int B, WorkerGrid grid) => (int)Math.Clamp((long)chunk * ((B + grid.Rows - 1) / grid.Rows), SummedRows, 2 * SummedRows);

    /// <summary>Sets what the next run goes back through: ranges from the last to the first.</summary>
    /// <param name="memory">What the forward pass recorded of it; used up.</param>
    /// <param name="from">The first step.</param>
    /// <param name="to">The step after the last.</param>
    public void Range(SequenceMemory<T> memory, int from, int to) => (_memory, _from, _to) = (memory, from, to);

    public override void Prepare(int threads)
    {
        base.Prepare(threads);
        if (_sums.Length >= threads)
            return;
        foreach (var sums in _sums)
            sums.Dispose();
        var mostRows = MostRows(_chunk, _size.B, _grid);
        _sums = [.. Enumerable.Range(0, threads).Select(_ => new WeightGradients<S, V, T>(C.Slots, _size, _layout, _x, _projection, mostRows))];
    }

    public override void Run(int worker)
    {
        if (_to == _size.T)
            Pack(worker);
        WaitForAll();
        foreach (var part in _grid.PartsOf(worker, Threads))
            GoThroughTime(worker, part);
        WaitForAll();
        if (_from > 0)
            return;
        _gradients.AddUp(worker, Threads);
        CopyFirstState(worker);
    }

    public override void Break()
    {
        base.Break();
        foreach (var barrier in _rowBarriers)
            barrier.Break();
    }

    public void Dispose()
    {
        _hh.Dispose();
        _ih?.Dispose();
        _units.Dispose();
        _projection?.Dispose();
        _gradients.Dispose();
        foreach (var sums in _sums)
            sums.Dispose();
        _state.Dispose();
    }

    private void Pack(int worker)
    {
        PackRows(_hh, _weights.Hh, C.Slots.Recurrent, C.Slots.FirstRecurrent, _size.K, worker);
        _projection?.Pack(_weights.Hr, worker, Threads);
        if (_ih is not null)
            PackRows(_ih, _weights.Ih, C.Slots.Input, C.Slots.FirstInput, _size.I, worker);
        var (from, to) = Share(_size.B, worker);
        StartFrom(_last.H, _size.O, _dh, _layout.PaddedOutput, from, to);
        if (C.HasCellState)
            StartFrom(_last.C, _size.H, _dc, _layout.Padded, from, to);
    }

    /// <summary>The rows of a weight in the slots' order, with zeros for what a slot has beyond the units.</summary>
    private void PackRows(Panels<T> panels, T* weight, IReadOnlyList<int> gateOfSlot, int firstSlot, int columns, int worker)
    {
        var (from, to) = Share(panels.Count, worker);
        for (var s = 0; s < C.Slots.Gates; s++)
        {
            var rows = weight + (nint)gateOfSlot[firstSlot + s] * _size.H * columns;
            Packing<T>.Rows(panels, from, to, (nint)s * _layout.Padded, rows, columns, _size.H, columns);
            Packing<T>.Rows(panels, from, to, (nint)s * _layout.Padded + _size.H, rows, 0, _layout.Padded - _size.H, 0);
        }
    }

    private static void StartFrom(T* state, int width, T* to, int stride, int firstRow, int lastRow)
    {
        if (state is null)
            new Span<T>(to + (nint)firstRow * stride, (lastRow - firstRow) * stride).Clear();
        else
            StateRows.Widen(state, width, to, stride, firstRow, lastRow);
    }

    private void GoThroughTime(int worker, WorkerPart part)
    {
        var (all, unitPanels, outputPanels) = (_size.RowsOf(part), part.UnitsOf((_layout.Vectors + 1) / 2), part.UnitsOf(_hh.Count));
        var (units, outputs) = (Columns(unitPanels, _layout.Padded), Columns(outputPanels, _layout.PaddedOutput));
        var barrier = _rowBarriers[part.Row];
        for (int last = _to, first; last > _from; last = first)
        {
            first = Math.Max(_from, (last - 1) / _chunk * _chunk);
            for (var t = last - 1; t >= first; t--)
            {
                var rows = ActiveOf(all, t);
                if (C.IsProjected)
                {
                    _projection!.Enter(t, _dh, _dOutput, rows, outputs);
                    part.Meet(barrier);
                    _projection.Product(t, rows, unitPanels);
                }
                Adjoint(t, rows, units);
                if (!C.HasRecurrentProduct)
                    continue;
                part.Meet(barrier);
                Product(t, rows, outputPanels);
            }
            if (!C.HasRecurrentProduct)
                part.Meet(barrier);
            if (_ih is not null)
                InputGradient(first, last, all, part.UnitsOf(_ih.Count));
            var (to, fresh) = (GradientsOf(part.Row), part.Row > 0 && last == _size.T);
            _sums[worker].Add(_memory, first, last, all, units, outputs, to, fresh);
            UnitGradients<S, V, T>.Add(C.Slots, _size, _layout, _memory, first, last, all, units, to.Units, fresh);
        }
    }

    /// <summary>The columns of panels, whole vectors.</summary>
    private static (int From, int To) Columns((int From, int To) panels, int padded) => (panels.From * 2 * S.Count, Math.Min(panels.To * 2 * S.Count, padded));

    /// <summary>The rows whose sequences have a step t.</summary>
    private (int From, int To) ActiveOf((int From, int To) rows, int t) => (rows.From, Math.Min(rows.To, _size.Steps.Active(t)));

    private LayerWeights<T> GradientsOf(int group) => new()
    {
        Ih = _gradients[group, 0],
        Hh = _gradients[group, 1],
        BiasIh = _gradients[group, 2],
        BiasHh = _gradients[group, 3],
        Hr = _gradients[group, 4],
        Units = _gradients[group, 5],
    };

    /// <summary>φ's adjoint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Adjoint(int t, (int From, int To) rows, (int From, int To) units)
    {
        var (stride, padded, H) = ((nint)_layout.Stride, (nint)_layout.Padded, _size.H);
        T* z = _memory.Gates(t), hBefore = _memory.H(t), h = _memory.H(t + 1), cBefore = _memory.C(t), c = _memory.C(t + 1), w = _units.Start;
        var dy = _dOutput + (nint)_size.Steps.Offset(t) * H;
        var tail = stackalloc T[S.Count];
        for (var row = rows.From; row < rows.To; row++)
            for (var unit = units.From; unit < units.To; unit += S.Count)
            {
                var at = row * padded + unit;
                var dh = C.IsProjected ? S.Load(_projection!.M + at) : S.Add(S.Load(_dh + at), RowVector<S, V, T>.Load(dy + (nint)row * H, unit, H, tail));
                var direct = C.Adjoint(z + row * stride + unit, padded, dh, hBefore + at, h + at, cBefore + at, c + at, _dc + at, w + unit);
                if (C.HasDirectPath)
                    S.Store(direct, _dh + at);
            }
    }

    /// <summary>∂h_{t-1} = W_hhᵀ ∂q_t, and the direct part where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Product(int t, (int From, int To) rows, (int From, int To) panels)
    {
        var dq = _memory.Gates(t) + C.Slots.FirstRecurrent * _layout.Padded;
        var (stride, dhStride) = ((nint)_layout.Stride, (nint)_layout.PaddedOutput);
        for (var p = panels.From; p < panels.To; p++)
            for (int row = rows.From, block; row < rows.To; row += block)
            {
                block = MicroKernel<S, V, T>.Next(rows.To - row);
                var dh = _dh + row * dhStride + _hh.Columns[2 * p];
                MicroKernel<S, V, T>.Block(block, _hh.K, dq + row * stride, stride, 1, _hh[p], _hh.Vectors(p),
                    C.HasDirectPath ? dh : _zeros, C.HasDirectPath ? dhStride : 0, S.Count, dh, dhStride, S.Count);
            }
    }

    /// <summary>∂x_t = W_ihᵀ ∂a_t for the steps [first, last).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void InputGradient(int first, int last, (int From, int To) rows, (int From, int To) panels)
    {
        for (var p = panels.From; p < panels.To; p++)
            for (int t = first, end; t < last; t = end)
                InputGradient(p, t, end = _size.Steps.RunEnd(t, last), ActiveOf(rows, t));
    }

    /// <summary>One panel's columns of ∂x, for steps that have equally many rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void InputGradient(int p, int first, int last, (int From, int To) rows)
    {
        nint I = _size.I, stride = _layout.Stride, B = _size.Steps.Active(first);
        var da = _memory.Gates(first) + C.Slots.FirstInput * _layout.Padded;
        var dx = _dx + (nint)_size.Steps.Offset(first) * I;
        var (count, steps) = (rows.To - rows.From, last - first);
        var overTime = count < MicroKernel<S, V, T>.Rows && steps > count;
        var (outer, inner) = overTime ? (count, steps) : (steps, count);
        nint outerStep = overTime ? 1 : B, innerStep = overTime ? B : 1;
        for (var i = 0; i < outer; i++)
            for (int j = 0, block; j < inner; j += block)
            {
                block = MicroKernel<S, V, T>.Next(inner - j);
                var row = rows.From + i * outerStep + j * innerStep;
                Tile<S, V, T>.Set(block, _ih!.K, da + row * stride, innerStep * stride, 1, _ih, p, _zeros,
                    dx + row * I + _ih.Columns[2 * p], innerStep * I, (int)I - _ih.Columns[2 * p]);
            }
    }

    private void CopyFirstState(int worker)
    {
        var (from, to) = Share(_size.B, worker);
        StateRows.Narrow(_dh, _layout.PaddedOutput, _first.H, _size.O, from, to);
        if (C.HasCellState)
            StateRows.Narrow(_dc, _layout.Padded, _first.C, _size.H, from, to);
    }
}
