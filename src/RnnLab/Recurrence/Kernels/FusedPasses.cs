using System.Runtime.Intrinsics;
using RnnLab.Cells;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Simd;
using RnnLab.Recurrence.Passes;

namespace RnnLab.Recurrence.Kernels;

/// <summary>The fused forward and backward pass of one cell, for one number type and the processor's widest vectors.</summary>
internal abstract class FusedPasses : SequencePasses
{
    /// <summary>The passes for a layer, or null where there are none: another cell, number type or device, or weights that are not contiguous.</summary>
    public static FusedPasses? For(Cell cell, RecurrentParameters parameters)
    {
        if (!Tensors(parameters).All(TensorMemory.IsPlain))
            return null;
        return parameters.WeightIh.dtype == ScalarType.Float32 ? For<float>(cell) : For<double>(cell);
    }

    /// <summary>The passes over vectors of one width, for a built-in cell, or null.</summary>
    public static FusedPasses? For<S, V, T>(Cell cell)
        where S : struct, ISimd<V, T>
        where V : struct
        where T : unmanaged
        => cell switch
        {
            LstmCell { ProjectionSize: 0 } => FusedPasses<S, V, T, FusedLstm<S, V, T>>.Instance,
            GruCell => FusedPasses<S, V, T, FusedGru<S, V, T>>.Instance,
            RnnCell { Nonlinearity: Nonlinearity.Tanh } => FusedPasses<S, V, T, FusedRnn<S, V, T, TanhActivation<S, V, T>>>.Instance,
            RnnCell => FusedPasses<S, V, T, FusedRnn<S, V, T, ReluActivation<S, V, T>>>.Instance,
            _ => null,
        };

    /// <summary>The slots of a tape's row for a cell that has fused passes; null for one that has none.</summary>
    public static GateSlots? SlotsOf(Cell cell) => For<Simd128<float>, Vector128<float>, float>(cell)?.Slots;

    /// <summary>The slots of a tape's row.</summary>
    protected abstract GateSlots Slots { get; }

    /// <summary><see cref="SequencePasses.StateCost"/> of the cell's passes.</summary>
    public static double StateCostOf(Cell cell) => For<Simd128<float>, Vector128<float>, float>(cell)!.StateCost;

    /// <summary>The same passes, with the work divided as <paramref name="grid"/> says, whatever its size and the threads at hand.</summary>
    public abstract FusedPasses On(WorkerGrid grid);

    private static IEnumerable<Tensor> Tensors(RecurrentParameters p)
        => new Tensor?[] { p.WeightIh, p.WeightHh, p.BiasIh, p.BiasHh }.OfType<Tensor>();

    private static FusedPasses? For<T>(Cell cell)
        where T : unmanaged
        => Vector512.IsHardwareAccelerated ? For<Simd512<T>, Vector512<T>, T>(cell)
        : Vector256.IsHardwareAccelerated ? For<Simd256<T>, Vector256<T>, T>(cell)
        : For<Simd128<T>, Vector128<T>, T>(cell);
}
