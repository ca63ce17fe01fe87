using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace RnnLab.Kernels.Memory;

/// <summary>Asks for a cache line before it is needed.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Into the nearest cache; any address may be given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Near(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    /// <summary>Into the second cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Soon(void* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch1(address);
    }
}
