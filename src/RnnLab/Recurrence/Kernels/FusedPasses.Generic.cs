using RnnLab.Cells;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;

namespace RnnLab.Recurrence.Kernels;

/// <summary>Between tensors and the passes over their memory.</summary>
internal sealed unsafe class FusedPasses<S, V, T, C>(WorkerGrid? fixedGrid) : FusedPasses
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
    where C : struct, IFusedCell<S, V, T>
{
    public static FusedPasses<S, V, T, C> Instance { get; } = new(null);

    public override FusedPasses On(WorkerGrid grid) => new FusedPasses<S, V, T, C>(grid);

    public override (Tensor Output, CellState State, FusedTape? Tape) Forward(RecurrentParameters p, Tensor x, CellState s0, bool record)
    {
        var size = SizesOf(p, x);
        var layout = new RowLayout(C.Slots, size.H, S.Count);
        var grid = Grid(size, layout);
        var memory = record
            ? new SequenceMemory<T>(layout, C.HasCellState, size.B, size.T, size.T + 1)
            : new SequenceMemory<T>(layout, C.HasCellState, size.B, FusedForward<S, V, T, C>.Chunk(size.T, size.B, grid), 2);
        var output = empty([size.T, size.B, size.H], x.dtype);
        var state = EmptyState(size, x.dtype);
        using (var pass = new FusedForward<S, V, T, C>(size, memory, grid, Weights(p), TensorMemory.Pointer<T>(x), Pointers(s0), TensorMemory.Pointer<T>(output), Pointers(state)))
            Team.Shared.Run(grid.Workers, pass);
        if (record)
            return (output, state, new FusedTape<T>(this, x, size, layout, memory));
        memory.Dispose();
        return (output, state, null);
    }

    public override (Tensor? Dx, CellState Ds0) Backward(RecurrentParameters p, FusedTape tape, Tensor dOutput, CellState? dsT, bool wantDx)
    {
        var own = (FusedTape<T>)tape;
        var size = own.Size;
        var dx = wantDx ? empty([size.T, size.B, size.I], dOutput.dtype) : null;
        var ds0 = EmptyState(size, dOutput.dtype);
        var grid = Grid(size, own.Layout);
        using (var gradients = new GradientTensors(p))
        using (var pass = new FusedBackward<S, V, T, C>(size, own.Memory, grid, Weights(p), gradients.Pointers<T>(), TensorMemory.Pointer<T>(own.X),
            TensorMemory.Pointer<T>(dOutput), dsT is null ? default : Pointers(dsT), TensorMemory.PointerOrNull<T>(dx), Pointers(ds0)))
            Team.Shared.Run(grid.Workers, pass);
        return (dx, ds0);
    }

    private WorkerGrid Grid(Sizes size, RowLayout layout)
    {
        if (fixedGrid is { } grid)
            return grid;
        var groups = new UnitGroups(C.Slots.Gates, layout.Vectors);
        return WorkerGrid.For(get_num_threads(), size.T, size.B, groups.Count, (double)size.B * size.H * size.H * C.Slots.Gates);
    }

    private static Sizes SizesOf(RecurrentParameters p, Tensor x)
        => new((int)x.shape[0], (int)x.shape[1], (int)x.shape[2], (int)p.WeightHh.shape[1]);

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
}
