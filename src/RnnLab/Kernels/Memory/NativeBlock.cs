using System.Runtime.InteropServices;

namespace RnnLab.Kernels.Memory;

/// <summary>A block of native memory, aligned to a cache line; what stands in it at first is arbitrary.</summary>
internal sealed unsafe partial class NativeBlock : IDisposable
{
    // Large blocks ask for huge pages: a pass over rows of some kilobytes touches a new page for each, and small ones overrun the table of recent pages.
    private const long HugePage = 2 << 20;
    private const int AdviseHugePages = 14;
    private nint _memory;

    public NativeBlock(long bytes)
    {
        Bytes = bytes;
        _memory = (nint)NativeMemory.AlignedAlloc((nuint)bytes, (nuint)(bytes >= HugePage ? HugePage : 64));
        if (bytes >= HugePage && OperatingSystem.IsLinux())
            _ = Advise(_memory, (nuint)bytes, AdviseHugePages);
    }

    ~NativeBlock() => Free();

    /// <summary>Its size.</summary>
    public long Bytes { get; }

    /// <summary>Where it starts.</summary>
    public void* Start => (void*)_memory;

    /// <summary>Gives it back to the system.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free() => NativeMemory.AlignedFree((void*)Interlocked.Exchange(ref _memory, 0));

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nuint length, int advice);
}
