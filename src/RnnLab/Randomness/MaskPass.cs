using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RnnLab.Randomness;

/// <summary>Fills a dropout mask on the CPU: coins from the words of Philox's blocks 0, 1, …, four blocks at a time in a vector's lanes.</summary>
internal static class MaskPass
{
    // A block in each 64-bit lane, so that a product of two words has room.
    private const int Lanes = 4, Coins = 4 * Lanes;

    private const ulong Low = 0xFFFFFFFF;

    /// <summary>mask[i] = scale where the i-th word is below <paramref name="threshold"/>, at most 2³², else 0.</summary>
    public static void Fill(Span<float> mask, ulong threshold, float scale, ulong key, ulong @event)
    {
        if (threshold == 0)
        {
            mask.Clear();
            return;
        }
        var (last, kept) = (Vector256.Create((uint)(threshold - 1)), Vector256.Create(scale));
        var i = 0;
        for (; i + Coins <= mask.Length; i += Coins)
            Store(mask.Slice(i, Coins), key, @event, (ulong)i / 4, last, kept);
        if (i == mask.Length)
            return;
        Span<float> rest = stackalloc float[Coins];
        Store(rest, key, @event, (ulong)i / 4, last, kept);
        rest[..(mask.Length - i)].CopyTo(mask[i..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Span<float> coins, ulong key, ulong @event, ulong block, Vector256<uint> last, Vector256<float> kept)
    {
        Blocks(key, @event, block, out var c01, out var c23);
        ref var to = ref MemoryMarshal.GetReference(coins);
        // A block's words are neighbours in memory: c0 c1 c2 c3.
        var even = Vector256.Create(ulong.MaxValue, 0, ulong.MaxValue, 0);
        var first = Vector256.ConditionalSelect(even, Vector256.Shuffle(c01, Vector256.Create(0UL, 0, 1, 1)), Vector256.Shuffle(c23, Vector256.Create(0UL, 0, 1, 1)));
        var second = Vector256.ConditionalSelect(even, Vector256.Shuffle(c01, Vector256.Create(2UL, 2, 3, 3)), Vector256.Shuffle(c23, Vector256.Create(2UL, 2, 3, 3)));
        (Vector256.LessThanOrEqual(first.AsUInt32(), last).AsSingle() & kept).StoreUnsafe(ref to);
        (Vector256.LessThanOrEqual(second.AsUInt32(), last).AsSingle() & kept).StoreUnsafe(ref to, 8);
    }

    /// <summary>Philox of four blocks: in each lane c0 and, above it, c1; and c2 and c3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blocks(ulong key, ulong @event, ulong block, out Vector256<ulong> c01, out Vector256<ulong> c23)
    {
        // Above bit 31 the words may hold anything until the end: a product does not look there.
        var c0 = Vector256.Create(block, block + 1, block + 2, block + 3);
        var c1 = c0 >>> 32;
        var (c2, c3) = (Vector256.Create(@event), Vector256.Create(@event >> 32));
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < Philox.Rounds; round++)
        {
            // One by one: a tuple of vectors would go through memory.
            var p0 = Product(c0, Philox.Multiplier0);
            var p1 = Product(c2, Philox.Multiplier1);
            c0 = (p1 >>> 32) ^ c1 ^ Vector256.Create((ulong)k0);
            c2 = (p0 >>> 32) ^ c3 ^ Vector256.Create((ulong)k1);
            c1 = p1;
            c3 = p0;
            k0 += Philox.Weyl0;
            k1 += Philox.Weyl1;
        }
        var low = Vector256.Create(Low);
        c01 = (c0 & low) | (c1 << 32);
        c23 = (c2 & low) | (c3 << 32);
    }

    /// <summary>The products of the lower 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> x, uint by) => Avx2.IsSupported
        ? Avx2.Multiply(x.AsUInt32(), Vector256.Create((ulong)by).AsUInt32())
        : (x & Vector256.Create(Low)) * Vector256.Create((ulong)by);
}
