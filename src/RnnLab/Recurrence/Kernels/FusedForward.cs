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
    private readonly Panels<T> _ih, _hh;
    private readonly NativeBuffer _bias;
    private readonly UnitWeights<T> _units;
    private readonly OutputProjection<S, V, T>? _projection;
    private readonly LayerWeights<T> _weights;
    private readonly T* _x, _output;
    private SequenceMemory<T> _memory = null!;
    private LayerState<T> _before, _after;
    private int _from, _to;
    private bool _isPacked;

    /// <summary>A forward pass.</summary>
    /// <param name="size">The call's sizes.</param>
    /// <param name="grid">Threads.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="x">The inputs of all steps.</param>
    /// <param name="output">Receives the outputs of all steps, or null where nobody wants them.</param>
    public FusedForward(Sizes size, WorkerGrid grid, LayerWeights<T> weights, T* x, T* output)
    {
        (_size, _grid, _weights) = (size, grid, weights);
        _x = x;
        _output = output;
        _layout = new RowLayout(C.Slots, size.H, size.O, S.Count);
        _groups = new UnitGroups(C.Slots.Gates, _layout.Vectors);
        _ih = new Panels<T>(size.I, S.Count, Places(C.Slots.Input));
        _hh = new Panels<T>(size.K, S.Count, Places(C.Slots.Recurrent));
        _bias = BufferPool.Shared.Rent((long)_layout.Stride * sizeof(T));
        _units = new UnitWeights<T>(C.Slots, weights.Units, _layout);
        _projection = C.IsProjected ? new(size, _layout, output) : null;
        _rowBarriers = [.. Enumerable.Range(0, grid.Rows).Select(_ => new SpinBarrier(grid.Units))];
    }

    /// <summary>Steps whose inputs a thread projects at once.</summary>
    public static int Chunk(int T, int B, WorkerGrid grid) => Math.Clamp(ProjectedRows * grid.Rows / B, 1, T);

    /// <summary>Sets what the next run goes through.</summary>
    /// <param name="memory">Its memory.</param>
    /// <param name="from">The first step.</param>
    /// <param name="to">The step after the last.</param>
    /// <param name="before">The state before, all B rows.</param>
    /// <param name="after">Receives the state after.</param>
    public void Range(SequenceMemory<T> memory, int from, int to, LayerState<T> before, LayerState<T> after)
        => (_memory, _from, _to, _before, _after) = (memory, from, to, before, after);

    public override void Run(int worker)
    {
        if (!_isPacked)
            Pack(worker);
        TakeState(worker);
        WaitForAll();
        foreach (var part in _grid.PartsOf(worker, Threads))
            GoThroughTime(part);
        WaitForAll();
        _isPacked = true;
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
        _units.Dispose();
        _projection?.Dispose();
    }

    private void Pack(int worker)
    {
        PackTransposed(_ih, _weights.Ih, worker);
        PackTransposed(_hh, _weights.Hh, worker);
        _projection?.Pack(_weights.Hr, worker, Threads);
        if (worker == 0)
            FillBias();
    }

    private void TakeState(int worker)
    {
        var (from, to) = Share(_size.Steps.Active(_from), worker);
        StateRows.Widen(_before.H, _size.O, _memory.H(_from), _layout.PaddedOutput, from, to);
        if (C.HasCellState)
            StateRows.Widen(_before.C, _size.H, _memory.C(_from), _layout.Padded, from, to);
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
        for (var slot = 0; slot < C.Slots.Fed; slot++)
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
        var (rows, groups) = (_size.RowsOf(part), part.UnitsOf(_groups.Count));
        var barrier = _rowBarriers[part.Row];
        var chunk = Chunk(_size.T, _size.B, _grid);
        for (var first = _from; first < _to && rows.From < _size.Steps.Active(first); first += chunk)
        {
            var last = Math.Min(_to, first + chunk);
            Project(first, last, rows, groups);
            for (var t = first; t < last; t++)
            {
                Step(t, ActiveOf(rows, t), groups);
                if (C.IsProjected)
                {
                    part.Meet(barrier);
                    _projection!.Step(_memory, t, ActiveOf(rows, t), part.UnitsOf(_projection.Panels));
                }
                if (C.HasRecurrentProduct)
                    part.Meet(barrier);
            }
        }
    }

    /// <summary>The rows whose sequences have a step t.</summary>
    private (int From, int To) ActiveOf((int From, int To) rows, int t) => (rows.From, Math.Min(rows.To, _size.Steps.Active(t)));

    /// <summary>a = W_ih x + b for the steps [first, last), rows and units of one thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Project(int first, int last, (int From, int To) rows, (int From, int To) groups)
    {
        var (panelFrom, panelTo) = (_groups.Panels(groups.From).From, _groups.Panels(groups.To - 1).To);
        for (var p = panelFrom; p < panelTo; p++)
            for (int t = first, end; t < last; t = end)
                Project(p, t, end = _size.Steps.RunEnd(t, last), ActiveOf(rows, t));
        for (var slot = 0; slot < C.Slots.Fed; slot++)
            if (C.Slots.Input[slot] < 0)
                for (var t = first; t < last; t++)
                    StartFromBias(_memory.Gates(t), slot, ActiveOf(rows, t), groups);
    }

    /// <summary>One panel's columns of a, for steps that have equally many rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Project(int p, int first, int last, (int From, int To) rows)
    {
        var (I, stride) = (_size.I, _layout.Stride);
        var bias = (T*)_bias.Start;
        var z = _memory.Gates(first);
        var x = _x + (nint)_size.Steps.Offset(first) * I;
        nint xStep = _size.Steps.Active(first), zStep = _memory.RowsPerStep(first);
        nint c0 = _ih.Columns[2 * p], c1 = _ih.Second(p);
        var panel = _ih[p];
        var vectors = _ih.Vectors(p);
        // Blocks of rows run over the batch, or over time where the batch is small.
        var (count, steps) = (rows.To - rows.From, last - first);
        var overTime = count < MicroKernel<S, V, T>.Rows && steps > count;
        var (outer, inner) = overTime ? (count, steps) : (steps, count);
        for (var i = 0; i < outer; i++)
            for (int j = 0, block; j < inner; j += block)
            {
                block = MicroKernel<S, V, T>.Next(inner - j);
                var (step, row) = overTime ? (j, rows.From + i) : (i, rows.From + j);
                MicroKernel<S, V, T>.Block(block, I, x + (step * xStep + row) * I, overTime ? xStep * I : I, 1, panel, vectors, bias + c0, 0, c1,
                    z + (step * zStep + row) * stride + c0, overTime ? zStep * stride : stride, c1);
            }
    }

    /// <summary>A slot that the input does not feed starts from W_hh's bias alone.</summary>
    private void StartFromBias(T* z, int slot, (int From, int To) rows, (int From, int To) groups)
    {
        var (unitFrom, unitTo) = (_groups.Vectors(groups.From).From * S.Count, _groups.Vectors(groups.To - 1).To * S.Count);
        var bias = (T*)_bias.Start + slot * _layout.Padded;
        for (var row = rows.From; row < rows.To; row++)
        {
            var to = z + (nint)row * _layout.Stride + slot * _layout.Padded;
            for (var unit = unitFrom; unit < unitTo; unit += S.Count)
                S.Store(S.Load(bias + unit), to + unit);
        }
    }

    /// <summary>q = W_hh h_{t-1}, added where a stands, and φ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(int t, (int From, int To) rows, (int From, int To) groups)
    {
        var (stride, width, K) = (_layout.Stride, _layout.PaddedOutput, _size.K);
        T* z = _memory.Gates(t), before = _memory.H(t);
        for (var g = groups.From; g < groups.To; g++)
        {
            var panels = _groups.Panels(g);
            for (int row = rows.From, block; row < rows.To; row += block)
            {
                block = MicroKernel<S, V, T>.Next(rows.To - row);
                for (var p = panels.From; C.HasRecurrentProduct && p < panels.To; p++)
                {
                    nint c0 = _hh.Columns[2 * p], c1 = _hh.Second(p);
                    var c = z + row * (nint)stride + c0;
                    MicroKernel<S, V, T>.Block(block, K, before + row * (nint)width, width, 1, _hh[p], _hh.Vectors(p), c, stride, c1, c, stride, c1);
                }
                Phi(t, row, row + block, _groups.Vectors(g));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Phi(int t, int from, int to, (int From, int To) vectors)
    {
        var (stride, padded, H) = ((nint)_layout.Stride, (nint)_layout.Padded, _size.H);
        T* z = _memory.Gates(t), hBefore = _memory.H(t), h = _memory.H(t + 1), cBefore = _memory.C(t), c = _memory.C(t + 1), w = _units.Start;
        var output = _output is null ? null : _output + (nint)_size.Steps.Offset(t) * H;
        for (var row = from; row < to; row++)
            for (var unit = vectors.From * S.Count; unit < vectors.To * S.Count; unit += S.Count)
            {
                var at = row * padded + unit;
                var value = C.Forward(z + row * stride + unit, padded, hBefore + at, cBefore + at, c + at, w + unit);
                if (C.IsProjected)
                    continue;
                S.Store(value, h + at);
                if (output is null)
                    continue;
                var y = output + (nint)row * H + unit;
                if (unit + S.Count <= H)
                    S.Store(value, y);
                else
                    for (var k = 0; unit + k < H; k++)
                        y[k] = h[at + k];
            }
    }

    /// <summary>A row's state after its last step of the range; rows whose sequences ended before it stay as they were.</summary>
    private void CopyLastState(int worker)
    {
        var (from, to) = Share(_size.B, worker);
        var active = _size.Steps.Active(_from);
        for (var row = from; row < to; row++)
        {
            if (row >= active)
            {
                StateRows.Narrow(_before.H, _size.O, _after.H, _size.O, row, row + 1);
                if (C.HasCellState)
                    StateRows.Narrow(_before.C, _size.H, _after.C, _size.H, row, row + 1);
                continue;
            }
            var t = _size.Steps.IsUniform ? _to : Math.Min(_to, _size.Steps.Length(row));
            StateRows.Narrow(_memory.H(t), _layout.PaddedOutput, _after.H, _size.O, row, row + 1);
            if (C.HasCellState)
                StateRows.Narrow(_memory.C(t), _layout.Padded, _after.C, _size.H, row, row + 1);
        }
    }
}
