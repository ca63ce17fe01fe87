namespace RnnLab.Devices;

/// <summary>The threads of an operation on the CPU.</summary>
public static class CpuThreads
{
    /// <summary>Sets them, for libtorch and the BLAS beneath it.</summary>
    /// <param name="threads">A positive number; null for all the cores that the process may use.</param>
    public static void Use(int? threads)
    {
        var count = threads ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(threads));
        set_num_threads(count);
    }
}
