using System.Runtime.CompilerServices;

namespace RnnLab.Kernels.Threads;

/// <summary>One turn of a spinning loop.</summary>
internal static class Pause
{
    /// <summary>
    /// Nothing, or after <paramref name="limit"/> turns an offer of the core to another thread. The processor's own pause instruction is left out: a virtual
    /// machine's host may take a row of them for a sign that the core can be given to someone else, and a thread then starts its part of a job late.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Once(int spins, int limit)
    {
        if (spins >= limit)
            Thread.Yield();
    }
}
