using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;

namespace RnnLab.Tests.Support;

/// <summary>What the fused passes borrow: tapes and workspaces. For tests that run alone.</summary>
internal static class PooledMemory
{
    /// <summary>The most bytes on loan at one time while <paramref name="act"/> runs.</summary>
    public static long MostDuring(Action act)
    {
        var before = UsedBytes(BufferPool.Shared);
        MostUsedBytes(BufferPool.Shared) = before;
        act();
        return MostUsedBytes(BufferPool.Shared) - before;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_usedBytes")]
    private static extern ref long UsedBytes(BufferPool pool);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_mostUsedBytes")]
    private static extern ref long MostUsedBytes(BufferPool pool);
}
