using System.Runtime.Intrinsics;
using RnnLab.Cells;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Simd;
using RnnLab.Recurrence.Passes;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence.Kernels;

/// <summary>The fused forward and backward pass of one cell, for one number type and the processor's widest vectors.</summary>
internal abstract class FusedPasses : SequencePasses
{
    /// <summary>The passes for a layer, or null where there are none: another cell, number type or device, or weights that are not contiguous.</summary>
    public static FusedPasses? For(Cell cell, RecurrentParameters parameters)
    {
        if (!Tensors(parameters).All(TensorMemory.IsPlain))
            return null;
        return For(cell, parameters.WeightIh.dtype);
    }

    /// <summary>The passes over vectors of one width, for a built-in cell, or null.</summary>
    public static FusedPasses? For<S, V, T>(Cell cell)
        where S : struct, ISimd<V, T>
        where V : struct
        where T : unmanaged
        => cell switch
        {
            LstmCell { ProjectionSize: 0 } => FusedPasses<S, V, T, FusedLstm<S, V, T>>.Instance,
            LstmCell => FusedPasses<S, V, T, FusedProjectedLstm<S, V, T>>.Instance,
            PeepholeLstmCell => FusedPasses<S, V, T, FusedPeepholeLstm<S, V, T>>.Instance,
            CoupledLstmCell => FusedPasses<S, V, T, FusedThreeGateLstm<S, V, T, CoupledUpdate<S, V, T>>>.Instance,
            Lstm1997Cell => FusedPasses<S, V, T, FusedThreeGateLstm<S, V, T, CarouselUpdate<S, V, T>>>.Instance,
            GruCell => FusedPasses<S, V, T, FusedGru<S, V, T>>.Instance,
            RnnCell { Nonlinearity: Nonlinearity.Tanh } => FusedPasses<S, V, T, FusedRnn<S, V, T, TanhActivation<S, V, T>>>.Instance,
            RnnCell => FusedPasses<S, V, T, FusedRnn<S, V, T, ReluActivation<S, V, T>>>.Instance,
            IndRnnCell { Nonlinearity: Nonlinearity.Tanh } => FusedPasses<S, V, T, FusedIndRnn<S, V, T, TanhActivation<S, V, T>>>.Instance,
            IndRnnCell => FusedPasses<S, V, T, FusedIndRnn<S, V, T, ReluActivation<S, V, T>>>.Instance,
            _ => null,
        };

    /// <summary>Whether a cell has fused passes.</summary>
    public static bool Has(Cell cell) => For<float>(cell) is not null;

    /// <summary>What a cell's passes over T steps of B rows hold; null for a cell that has none.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="T">Steps.</param>
    /// <param name="B">Rows of a step.</param>
    /// <param name="I">Inputs.</param>
    /// <param name="threads">Threads at hand.</param>
    public static FusedFootprint? Footprint(Cell cell, ScalarType dtype, int T, int B, int I, int threads)
        => For(cell, dtype)?.Footprint(cell, StepRows.Uniform(T, B), I, threads);

    /// <summary>What the passes hold.</summary>
    protected abstract FusedFootprint Footprint(Cell cell, StepRows steps, int inputs, int threads);

    /// <summary>The same passes, with the work divided as <paramref name="grid"/> says, whatever its size and the threads at hand.</summary>
    public abstract FusedPasses On(WorkerGrid grid);

    private static IEnumerable<Tensor> Tensors(RecurrentParameters p)
        => new Tensor?[] { p.WeightIh, p.WeightHh, p.BiasIh, p.BiasHh, p.WeightHr }.OfType<Tensor>().Concat(p.Own);

    private static FusedPasses? For(Cell cell, ScalarType dtype) => dtype == ScalarType.Float32 ? For<float>(cell) : For<double>(cell);

    private static FusedPasses? For<T>(Cell cell)
        where T : unmanaged
        => Vector512.IsHardwareAccelerated ? For<Simd512<T>, Vector512<T>, T>(cell)
        : Vector256.IsHardwareAccelerated ? For<Simd256<T>, Vector256<T>, T>(cell)
        : For<Simd128<T>, Vector128<T>, T>(cell);
}
