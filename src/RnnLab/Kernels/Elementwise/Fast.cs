using System.Runtime.InteropServices;
using RnnLab.Kernels.Memory;
using RnnLab.Recurrence;

namespace RnnLab.Kernels.Elementwise;

/// <summary>
/// Decides where a pass over a tensor's own memory stands in for the tensor operations: contiguous float32 or float64 on the CPU, unless
/// <see cref="KernelChoice"/> asks for the readable form. All else takes that form.
/// </summary>
internal static class Fast
{
    /// <summary>Whether passes may run over <paramref name="tensor"/>.</summary>
    public static bool Applies(Tensor tensor)
        => KernelChoice.Current == Kernel.Fast && TensorMemory.IsPlain(tensor) && FitsSpan(tensor);

    /// <summary>Whether one pass may run over both, element by element.</summary>
    public static bool Applies(Tensor tensor, Tensor other)
        => Applies(tensor) && other.dtype == tensor.dtype && other.numel() == tensor.numel() && TensorMemory.IsPlain(other);

    /// <summary>Whether one pass may run over <paramref name="rows"/> and the token of each.</summary>
    public static bool AppliesByToken(Tensor rows, Tensor tokens)
        => Applies(rows) && tokens.dtype == ScalarType.Int64 && tokens.device_type == DeviceType.CPU && tokens.is_contiguous() && FitsSpan(tokens);

    /// <summary>The elements themselves. The span does not keep the tensor alive.</summary>
    public static Span<T> Elements<T>(Tensor tensor) where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    // A span counts its bytes in an int.
    private static bool FitsSpan(Tensor tensor) => tensor.numel() <= int.MaxValue / tensor.element_size();
}
