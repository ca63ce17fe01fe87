using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// The forward pass of a layer over a sequence. The weights are packed once; then each thread goes through time with its rows (and its
/// units, where rows are shared): the inputs of a few steps are projected at once, and in each step a block of rows and units is multiplied with
/// W_hh and, while it is in the nearest cache, put through φ.
/// </summary>
internal sealed unsafe class FusedForward<S, V, T, C> : Job, IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
    where C : struct, IFusedCell<S, V, T>
{
    // Rows that a thread projects at once: enough for the panels of W_ih to be used often while they are near.
    private const int ProjectedRows = 128;

    private readonly Sizes _size;
    private readonly RowLayout _layout;
    private readonly UnitGroups _groups;
    private readonly WorkerGrid _grid;
    private readonly SpinBarrier[] _rowBarriers;
    private readonly SequenceMemory<T> _memory;
    private readonly Panels<T> _ih, _hh;
    private readonly NativeBuffer _bias;
    private readonly LayerWeights<T> _weights;
    private readonly LayerState<T> _before, _after;
    private readonly T* _x, _output;

    public FusedForward(Sizes size, SequenceMemory<T> memory, WorkerGrid grid, LayerWeights<T> weights, T* x, LayerState<T> before, T* output, LayerState<T> after)
    {
        (_size, _memory, _grid, _weights, _before, _after) = (size, memory, grid, weights, before, after);
        _x = x;
        _output = output;
        _layout = new RowLayout(C.Slots, size.H, S.Count);
        _groups = new UnitGroups(C.Slots.Gates, _layout.Vectors);
        _ih = new Panels<T>(size.I, S.Count, Places(C.Slots.Input));
        _hh = new Panels<T>(size.H, S.Count, Places(C.Slots.Recurrent));
        _bias = BufferPool.Shared.Rent((long)_layout.Stride * sizeof(T));
        _rowBarriers = [.. Enumerable.Range(0, grid.Rows).Select(_ => new SpinBarrier(grid.Units))];
    }

    /// <summary>Steps whose inputs a thread projects at once.</summary>
    public static int Chunk(int T, int B, WorkerGrid grid) => Math.Clamp(ProjectedRows * grid.Rows / B, 1, T);

    public override void Run(int worker)
    {
        Pack(worker);
        WaitForAll();
        foreach (var part in _grid.PartsOf(worker, Threads))
            GoThroughTime(part);
        WaitForAll();
        CopyLastState(worker);
    }

    public override void Break()
    {
        base.Break();
        foreach (var barrier in _rowBarriers)
            barrier.Break();
    }

    public void Dispose()
    {
        _ih.Dispose();
        _hh.Dispose();
        _bias.Dispose();
    }

    private void Pack(int worker)
    {
        PackTransposed(_ih, _weights.Ih, worker);
        PackTransposed(_hh, _weights.Hh, worker);
        var (from, to) = Share(_size.B, worker);
        StateRows.Widen(_before.H, _size.H, _memory.H(0), _layout.Padded, from, to);
        if (C.HasCellState)
            StateRows.Widen(_before.C, _size.H, _memory.C(0), _layout.Padded, from, to);
        if (worker == 0)
            FillBias();
    }

    private void PackTransposed(Panels<T> panels, T* weight, int worker)
    {
        var columns = _groups.Columns().ToArray();
        var (from, to) = Share(columns.Length, worker);
        for (var half = from; half < to; half++)
        {
            var (vector, gate) = columns[half];
            var unit = vector * S.Count;
            var rows = Math.Clamp(_size.H - unit, 0, S.Count);
            Packing<T>.Transposed(panels, half, weight + ((nint)gate * _size.H + unit) * panels.K, rows);
        }
    }

    /// <summary>What each slot starts from: the biases of the projections that it holds.</summary>
    private void FillBias()
    {
        var bias = (T*)_bias.Start;
        new Span<T>(bias, _layout.Stride).Clear();
        for (var slot = 0; slot < C.Slots.Count; slot++)
        {
            AddBias(bias + slot * _layout.Padded, _weights.BiasIh, C.Slots.Input[slot]);
            AddBias(bias + slot * _layout.Padded, _weights.BiasHh, C.Slots.Recurrent[slot]);
        }
    }

    private void AddBias(T* to, T* bias, int gate)
    {
        if (bias is not null && gate >= 0)
            Elements<T>.Add(to, bias + (nint)gate * _size.H, _size.H);
    }

    private int[] Places(IReadOnlyList<int> gateOfSlot)
    {
        var slotOfGate = Enumerable.Range(0, C.Slots.Gates).Select(gate => gateOfSlot.ToList().IndexOf(gate)).ToArray();
        return [.. _groups.Columns().Select(c => slotOfGate[c.Gate] * _layout.Padded + c.Vector * S.Count)];
    }

    private void GoThroughTime(WorkerPart part)
    {
        var (rows, groups) = (part.RowsOf(_size.B), part.UnitsOf(_groups.Count));
        var barrier = _rowBarriers[part.Row];
        var chunk = Chunk(_size.T, _size.B, _grid);
        for (var first = 0; first < _size.T; first += chunk)
        {
            var last = Math.Min(_size.T, first + chunk);
            Project(first, last, rows, groups);
            for (var t = first; t < last; t++)
            {
                Step(t, rows, groups);
                part.Meet(barrier);
            }
        }
    }

    /// <summary>a = W_ih x + b for the steps [first, last), rows and units of one thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Project(int first, int last, (int From, int To) rows, (int From, int To) groups)
    {
        var (B, I, stride) = (_size.B, _size.I, _layout.Stride);
        var bias = (T*)_bias.Start;
        var z = _memory.Gates(first);
        var x = _x + (nint)first * B * I;
        // Blocks of rows run over the batch, or over time where the batch is small.
        var (count, steps) = (rows.To - rows.From, last - first);
        var overTime = count < MicroKernel<S, V, T>.Rows && steps > count;
        var (outer, inner) = overTime ? (count, steps) : (steps, count);
        nint outerStep = overTime ? 1 : B, innerStep = overTime ? B : 1;
        var (panelFrom, panelTo) = (_groups.Panels(groups.From).From, _groups.Panels(groups.To - 1).To);
        for (var p = panelFrom; p < panelTo; p++)
        {
            nint c0 = _ih.Columns[2 * p], c1 = _ih.Second(p);
            var panel = _ih[p];
            var vectors = _ih.Vectors(p);
            for (var i = 0; i < outer; i++)
                for (int j = 0, block; j < inner; j += block)
                {
                    block = MicroKernel<S, V, T>.Next(inner - j);
                    var row = rows.From + i * outerStep + j * innerStep;
                    MicroKernel<S, V, T>.Block(block, I, x + row * I, innerStep * I, 1, panel, vectors, bias + c0, 0, c1, z + row * stride + c0, innerStep * stride, c1);
                }
        }
        for (var slot = 0; slot < C.Slots.Count; slot++)
            if (C.Slots.Input[slot] < 0)
                StartFromBias(z, slot, steps, rows, groups);
    }

    /// <summary>A slot that the input does not feed starts from W_hh's bias alone.</summary>
    private void StartFromBias(T* z, int slot, int steps, (int From, int To) rows, (int From, int To) groups)
    {
        var (unitFrom, unitTo) = (_groups.Vectors(groups.From).From * S.Count, _groups.Vectors(groups.To - 1).To * S.Count);
        var bias = (T*)_bias.Start + slot * _layout.Padded;
        for (var t = 0; t < steps; t++)
            for (var row = rows.From; row < rows.To; row++)
            {
                var to = z + ((nint)t * _size.B + row) * _layout.Stride + slot * _layout.Padded;
                for (var unit = unitFrom; unit < unitTo; unit += S.Count)
                    S.Store(S.Load(bias + unit), to + unit);
            }
    }

    /// <summary>q = W_hh h_{t-1}, added where a stands, and φ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(int t, (int From, int To) rows, (int From, int To) groups)
    {
        var (stride, padded, H) = (_layout.Stride, _layout.Padded, _size.H);
        T* z = _memory.Gates(t), before = _memory.H(t);
        for (var g = groups.From; g < groups.To; g++)
        {
            var panels = _groups.Panels(g);
            for (int row = rows.From, block; row < rows.To; row += block)
            {
                block = MicroKernel<S, V, T>.Next(rows.To - row);
                for (var p = panels.From; p < panels.To; p++)
                {
                    nint c0 = _hh.Columns[2 * p], c1 = _hh.Second(p);
                    var c = z + row * (nint)stride + c0;
                    MicroKernel<S, V, T>.Block(block, H, before + row * (nint)padded, padded, 1, _hh[p], _hh.Vectors(p), c, stride, c1, c, stride, c1);
                }
                Phi(t, row, row + block, _groups.Vectors(g));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Phi(int t, int from, int to, (int From, int To) vectors)
    {
        var (stride, padded, H) = ((nint)_layout.Stride, (nint)_layout.Padded, _size.H);
        T* z = _memory.Gates(t), hBefore = _memory.H(t), h = _memory.H(t + 1), cBefore = _memory.C(t), c = _memory.C(t + 1);
        var output = _output + (nint)t * _size.B * H;
        for (var row = from; row < to; row++)
            for (var unit = vectors.From * S.Count; unit < vectors.To * S.Count; unit += S.Count)
            {
                var at = row * padded + unit;
                var value = C.Forward(z + row * stride + unit, padded, hBefore + at, cBefore + at, c + at);
                S.Store(value, h + at);
                var y = output + (nint)row * H + unit;
                if (unit + S.Count <= H)
                    S.Store(value, y);
                else
                    for (var k = 0; unit + k < H; k++)
                        y[k] = h[at + k];
            }
    }

    private void CopyLastState(int worker)
    {
        var (from, to) = Share(_size.B, worker);
        StateRows.Narrow(_memory.H(_size.T), _layout.Padded, _after.H, _size.H, from, to);
        if (C.HasCellState)
            StateRows.Narrow(_memory.C(_size.T), _layout.Padded, _after.C, _size.H, from, to);
    }
}
