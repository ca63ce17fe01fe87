using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RnnLab.Kernels.Memory;

/// <summary>The memory of tensors, by TorchSharp's public way to it.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>Whether a kernel can work on the tensor's own memory: float32 or float64, on the CPU, contiguous.</summary>
    public static bool IsPlain(Tensor x) => x.device_type == TorchSharp.DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.Float64 && x.is_contiguous();

    /// <summary>The first element of a contiguous CPU tensor; valid as long as the tensor is.</summary>
    public static T* Pointer<T>(Tensor x)
        where T : unmanaged
    {
        if (x.NumberOfElements * sizeof(T) <= int.MaxValue)
            return First<T>(x.bytes);
        // A span holds 2 GB at most: ask a view of the first element.
        using var rows = x.view(-1);
        using var first = rows.narrow(0, 0, 1);
        return First<T>(first.bytes);
    }

    /// <summary>The same, or null for no tensor.</summary>
    public static T* PointerOrNull<T>(Tensor? x)
        where T : unmanaged => x is null ? null : Pointer<T>(x);

    private static T* First<T>(Span<byte> bytes)
        where T : unmanaged => (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
}
