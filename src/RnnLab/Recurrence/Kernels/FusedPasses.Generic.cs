using RnnLab.Cells;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;
using RnnLab.Recurrence.Passes;
using RnnLab.Recurrence.Sequences;

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

    public override FusedPasses On(WorkerGrid grid) => new FusedPasses<S, V, T, C>(grid);

    public override int BlockSteps(SequenceCall call)
    {
        var size = SizesOf(call);
        return FusedBackward<S, V, T, C>.Chunk(size.T, size.B, Grid(size));
    }

    public override ForwardPass Forward(SequenceCall call, bool wantOutput) => new Loop(this, call with { X = Plain(call.X) }, wantOutput);

    public override BackwardPass Backward(SequenceCall call, Tensor dOutput, CellState? dsT, bool wantDx)
        => new LoopBack(this, call with { X = Plain(call.X) }, Plain(dOutput), dsT?.Map(Plain), wantDx);

    protected override FusedFootprint Footprint(Cell cell, StepRows steps, int inputs, int threads)
    {
        var size = SizesOf(steps, inputs, (int)cell.HiddenSize, (int)cell.OutputSize);
        return FusedFootprint.Of<S, V, T, C>(size, Layout(size), Grid(size, threads), StateCost);
    }

    private WorkerGrid Grid(Sizes size) => fixedGrid ?? Grid(size, get_num_threads());

    private static WorkerGrid Grid(Sizes size, int threads)
    {
        var groups = new UnitGroups(C.Slots.Gates, Layout(size).Vectors);
        // Where there is no recurrent product, a step's share of the input product stands for its work.
        double terms = C.HasRecurrentProduct ? C.Slots.Gates * (double)size.K + (C.IsProjected ? size.O : 0) : size.I;
        return WorkerGrid.For(threads, size.T, size.B, groups.Count, terms * size.H * size.B);
    }

    /// <summary>Without gaps; the same handle where it is so already, since a new one is not free.</summary>
    private static Tensor Plain(Tensor x) => x.is_contiguous() ? x : x.contiguous();

    private static RowLayout Layout(Sizes size) => new(C.Slots, size.H, size.O, S.Count);

    private static Sizes SizesOf(SequenceCall call)
    {
        var H = (int)call.P.WeightIh.shape[0] / C.Slots.Gates;
        return SizesOf(call.Steps, (int)call.X.shape[1], H, C.IsProjected ? (int)call.P.WeightHr!.shape[0] : H);
    }

    private static Sizes SizesOf(StepRows steps, int I, int H, int O) => new(steps, I, H, O, C.HasRecurrentProduct ? O : 0);

    private static CellState EmptyState(Sizes size, ScalarType dtype)
        => new(empty([size.B, size.O], dtype), C.HasCellState ? empty([size.B, size.H], dtype) : null);

    private static LayerState<T> Pointers(CellState s) => new() { H = TensorMemory.Pointer<T>(s.H), C = TensorMemory.PointerOrNull<T>(s.C) };

    private static LayerWeights<T> Weights(RecurrentParameters p) => Pointers(p, parameter => parameter);

    /// <summary>The memory of something that each parameter has.</summary>
    private static LayerWeights<T> Pointers(RecurrentParameters p, Func<Parameter, Tensor> of)
    {
        T* Start(Parameter? parameter) => parameter is null ? null : TensorMemory.Pointer<T>(of(parameter));
        return new()
        {
            Ih = Start(p.WeightIh),
            Hh = Start(C.HasRecurrentProduct ? p.WeightHh : null),
            BiasIh = Start(p.BiasIh),
            BiasHh = Start(p.BiasHh),
            Hr = Start(p.WeightHr),
            Units = Start(C.HasRecurrentProduct ? p.Own.SingleOrDefault() : p.WeightHh),
        };
    }

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
            var steps = Math.Min(FusedForward<S, V, T, C>.Chunk(_size.T, _size.B, _grid), to - from);
            using var memory = SequenceMemory<T>.Passing(Layout(_size), C.HasCellState, _size.Steps, from, steps);
            return Run(memory, from, to, s);
        }

        public override (CellState State, TapeSegment Tape) Record(int from, int to, CellState s)
        {
            var memory = SequenceMemory<T>.Recording(Layout(_size), C.HasCellState, _size.Steps, from, to);
            return (Run(memory, from, to, s), new FusedSegment<T>(from, to, _size, Layout(_size), memory, _x.dtype));
        }

        public override Tensor Output() => _output!;

        public override void Dispose() => _pass?.Dispose();

        private CellState Run(SequenceMemory<T> memory, int from, int to, CellState s)
        {
            // After the memory, which tells whoever asks for more than there is what to change.
            if (wantOutput)
                _output ??= empty([_size.Steps.Count, _size.O], _x.dtype);
            _pass ??= new(_size, _grid, Weights(call.P), TensorMemory.Pointer<T>(_x), TensorMemory.PointerOrNull<T>(_output));
            var (before, after) = (s.Map(Plain), EmptyState(_size, _x.dtype));
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
        private readonly GradientTensors _gradients = new();
        private readonly FusedBackward<S, V, T, C> _pass;

        public LoopBack(FusedPasses<S, V, T, C> passes, SequenceCall call, Tensor dOutput, CellState? dsT, bool wantDx)
        {
            var size = SizesOf(call);
            _grid = passes.Grid(size);
            _dx = wantDx ? empty([size.Steps.Count, size.I], dOutput.dtype) : null;
            _ds0 = EmptyState(size, dOutput.dtype);
            _pass = new(size, _grid, Weights(call.P), Pointers(call.P, _gradients.Of), TensorMemory.Pointer<T>(call.X),
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
