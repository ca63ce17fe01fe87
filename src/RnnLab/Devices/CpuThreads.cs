using System.Runtime.InteropServices;

namespace RnnLab.Devices;

/// <summary>The threads of an operation on the CPU: libtorch's own and those of the BLAS beneath it.</summary>
public static class CpuThreads
{
    /// <summary>Sets both.</summary>
    /// <param name="threads">A positive number; null for all the cores that the process may use.</param>
    /// <returns>The number set.</returns>
    public static int Use(int? threads)
    {
        var count = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(threads));
        set_num_threads(count);
        SetOpenBlas(count);
        return count;
    }

    // An OpenBLAS with its own threads (Debian's pthread build) does not hear of set_num_threads.
    private static void SetOpenBlas(int count)
    {
        foreach (var name in (string[])["libblas.so.3", "libopenblas.so.0"])
        {
            if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(name, out var library))
                continue;
            if (NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out var set))
                Marshal.GetDelegateForFunctionPointer<SetThreads>(set)(count);
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void SetThreads(int count);
}
