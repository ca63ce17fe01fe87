using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RnnLab.Kernels.Threads;

/// <summary>One turn of a spinning loop.</summary>
internal static class Pause
{
    /// <summary>Pauses, or after <paramref name="limit"/> turns offers the core to another thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Once(int spins, int limit)
    {
        if (spins >= limit)
            Thread.Yield();
        else if (X86Base.IsSupported)
            X86Base.Pause();
        else
            Thread.SpinWait(1);
    }
}
