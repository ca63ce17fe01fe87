using RnnLab.Cells;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;
using RnnLab.Recurrence.Passes;

namespace RnnLab.Recurrence.Kernels;

/// <summary>Between tensors and the passes over their memory.</summary>
internal sealed unsafe class FusedPasses<S, V, T, C>(WorkerGrid? fixedGrid) : FusedPasses
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
    where C : struct, IFusedCell<S, V, T>
{
    public static FusedPasses<S, V, T, C> Instance { get; } = new(null);

    public override double StateCost => (C.HasCellState ? 2.0 : 1) / (C.Slots.Count + (C.HasCellState ? 2 : 1));

    protected override GateSlots Slots => C.Slots;

    public override FusedPasses On(WorkerGrid grid) => new FusedPasses<S, V, T, C>(grid);

    public override int BlockSteps(SequenceCall call)
    {
        var size = SizesOf(call);
        return FusedBackward<S, V, T, C>.Chunk(size.T, size.B, Grid(size));
    }

    public override ForwardPass Forward(SequenceCall call, bool wantOutput) => new Loop(this, call with { X = call.X.contiguous() }, wantOutput);

    public override BackwardPass Backward(SequenceCall call, Tensor dOutput, CellState? dsT, bool wantDx)
        => new LoopBack(this, call with { X = call.X.contiguous() }, dOutput.contiguous(), dsT?.Map(own => own.contiguous()), wantDx);

    private WorkerGrid Grid(Sizes size)
    {
        if (fixedGrid is { } grid)
            return grid;
        var groups = new UnitGroups(C.Slots.Gates, Layout(size).Vectors);
        return WorkerGrid.For(get_num_threads(), size.T, size.B, groups.Count, (double)size.B * size.H * size.H * C.Slots.Gates);
    }

    private static RowLayout Layout(Sizes size) => new(C.Slots, size.H, S.Count);

    private static Sizes SizesOf(SequenceCall call) => new(call.Steps, (int)call.X.shape[1], (int)call.P.WeightHh.shape[1]);

    private static CellState EmptyState(Sizes size, ScalarType dtype)
        => new(empty([size.B, size.H], dtype), C.HasCellState ? empty([size.B, size.H], dtype) : null);

    private static LayerState<T> Pointers(CellState s) => new() { H = TensorMemory.Pointer<T>(s.H), C = TensorMemory.PointerOrNull<T>(s.C) };

    private static LayerWeights<T> Weights(RecurrentParameters p) => new()
    {
        Ih = TensorMemory.Pointer<T>(p.WeightIh),
        Hh = TensorMemory.Pointer<T>(p.WeightHh),
        BiasIh = TensorMemory.PointerOrNull<T>(p.BiasIh),
        BiasHh = TensorMemory.PointerOrNull<T>(p.BiasHh),
    };

    /// <summary>A forward pass with its tensors.</summary>
    private sealed class Loop(FusedPasses<S, V, T, C> passes, SequenceCall call, bool wantOutput) : ForwardPass
    {
        private readonly Sizes _size = SizesOf(call);
        private readonly WorkerGrid _grid = passes.Grid(SizesOf(call));
        private readonly Tensor _x = call.X;
        private Tensor? _output;
        private FusedForward<S, V, T, C>? _pass;

        public override CellState Run(int from, int to, CellState s)
        {
            var steps = FusedForward<S, V, T, C>.Chunk(to - from, _size.Steps.Active(from), _grid);
            using var memory = SequenceMemory<T>.Passing(Layout(_size), C.HasCellState, _size.Steps, from, steps);
            return Run(memory, from, to, s);
        }

        public override (CellState State, TapeSegment Tape) Record(int from, int to, CellState s)
        {
            var memory = SequenceMemory<T>.Recording(Layout(_size), C.HasCellState, _size.Steps, from, to);
            return (Run(memory, from, to, s), new FusedSegment<T>(from, to, _size, Layout(_size), memory, _x.dtype));
        }

        public override Tensor Output() => _output!.alias();

        public override void Dispose()
        {
            _pass?.Dispose();
            _output?.Dispose();
        }

        private CellState Run(SequenceMemory<T> memory, int from, int to, CellState s)
        {
            // After the memory, which tells whoever asks for more than there is what to change.
            if (wantOutput)
                _output ??= empty([_size.Steps.Count, _size.H], _x.dtype).DetachFromDisposeScope();
            _pass ??= new(_size, _grid, Weights(call.P), TensorMemory.Pointer<T>(_x), TensorMemory.PointerOrNull<T>(_output));
            var (before, after) = (s.Map(own => own.contiguous()), EmptyState(_size, _x.dtype));
            _pass.Range(memory, from, to, Pointers(before), Pointers(after));
            Team.Shared.Run(_grid.Workers, _pass);
            return after;
        }
    }

    /// <summary>A backward pass with its tensors.</summary>
    private sealed class LoopBack : BackwardPass
    {
        private readonly WorkerGrid _grid;
        private readonly Tensor? _dx;
        private readonly CellState _ds0;
        private readonly GradientTensors _gradients;
        private readonly FusedBackward<S, V, T, C> _pass;

        public LoopBack(FusedPasses<S, V, T, C> passes, SequenceCall call, Tensor dOutput, CellState? dsT, bool wantDx)
        {
            var size = SizesOf(call);
            _grid = passes.Grid(size);
            _dx = wantDx ? empty([size.Steps.Count, size.I], dOutput.dtype) : null;
            _ds0 = EmptyState(size, dOutput.dtype);
            _gradients = new GradientTensors(call.P);
            _pass = new(size, _grid, Weights(call.P), _gradients.Pointers<T>(), TensorMemory.Pointer<T>(call.X),
                TensorMemory.Pointer<T>(dOutput), dsT is null ? default : Pointers(dsT), TensorMemory.PointerOrNull<T>(_dx), Pointers(_ds0));
        }

        public override void Run(TapeSegment segment)
        {
            using var own = (FusedSegment<T>)segment;
            _pass.Range(own.Memory, own.From, own.To);
            Team.Shared.Run(_grid.Workers, _pass);
        }

        public override (Tensor? Dx, CellState Ds0) Finish() => (_dx, _ds0);

        public override void Dispose()
        {
            _pass.Dispose();
            _gradients.Dispose();
        }
    }
}
