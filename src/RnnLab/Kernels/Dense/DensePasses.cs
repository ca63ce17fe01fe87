using System.Runtime.Intrinsics;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;

namespace RnnLab.Kernels.Dense;

/// <summary>The passes of a linear layer over tensors' own memory, with the processor's widest vectors.</summary>
internal abstract class DensePasses
{
    /// <summary>The passes for float32 or float64.</summary>
    public static DensePasses For(ScalarType dtype) => dtype == ScalarType.Float32 ? For<float>() : For<double>();

    /// <summary>x Wᵀ + b.</summary>
    /// <param name="x">(N, I), contiguous.</param>
    /// <param name="weight">(O, I), contiguous.</param>
    /// <param name="bias">(O).</param>
    public abstract Tensor Forward(Tensor x, Tensor weight, Tensor bias);

    /// <summary>dy W; adds dyᵀ x and Σ dy to the gradients, which are contiguous.</summary>
    public abstract Tensor Backward(Tensor x, Tensor weight, Tensor dy, Tensor dWeight, Tensor dBias);

    private static DensePasses For<T>()
        where T : unmanaged
        => Vector512.IsHardwareAccelerated ? DensePasses<Simd512<T>, Vector512<T>, T>.Instance
        : Vector256.IsHardwareAccelerated ? DensePasses<Simd256<T>, Vector256<T>, T>.Instance
        : DensePasses<Simd128<T>, Vector128<T>, T>.Instance;
}

/// <summary>Between tensors and the passes over their memory.</summary>
internal sealed unsafe class DensePasses<S, V, T> : DensePasses
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    public static DensePasses<S, V, T> Instance { get; } = new();

    public override Tensor Forward(Tensor x, Tensor weight, Tensor bias)
    {
        var size = SizesOf(x, weight);
        var y = empty([size.N, size.O], x.dtype);
        using var pass = new DenseForward<S, V, T>(size, TensorMemory.Pointer<T>(x), TensorMemory.Pointer<T>(weight), TensorMemory.Pointer<T>(bias), TensorMemory.Pointer<T>(y));
        Team.Shared.Run(size.Groups(get_num_threads()), pass);
        return y;
    }

    public override Tensor Backward(Tensor x, Tensor weight, Tensor dy, Tensor dWeight, Tensor dBias)
    {
        var size = SizesOf(x, weight);
        var groups = size.Groups(get_num_threads());
        var dx = empty([size.N, size.I], x.dtype);
        using var pass = new DenseBackward<S, V, T>(size, groups, TensorMemory.Pointer<T>(x), TensorMemory.Pointer<T>(weight), TensorMemory.Pointer<T>(dy),
            TensorMemory.Pointer<T>(dx), TensorMemory.Pointer<T>(dWeight), TensorMemory.Pointer<T>(dBias));
        Team.Shared.Run(groups, pass);
        return dx;
    }

    private static DenseSizes SizesOf(Tensor x, Tensor weight) => new((int)x.shape[0], (int)weight.shape[1], (int)weight.shape[0]);
}
