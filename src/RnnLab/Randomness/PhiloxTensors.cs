namespace RnnLab.Randomness;

/// <summary>
/// <see cref="Philox"/> over whole tensors of counters, by integer operations on the device that they are on: as many operations for one block as for a
/// million. All constants are numbers of the host's that go along with an operation.
/// </summary>
/// <remarks>
/// The words are held in int64. A product of two of them wraps to its lower 64 bits, which are the right ones, and a right shift keeps the sign; what that
/// leaves above bit 31 is taken away from c0 and c2, which are multiplied, each round, and from c1 and c3 at the end.
/// </remarks>
internal static class PhiloxTensors
{
    private const long Low = 0xFFFFFFFF;

    /// <summary>The four words of each block, int64, of the shape that <paramref name="high"/> and <paramref name="low"/> broadcast to.</summary>
    /// <param name="key">The key.</param>
    /// <param name="high">The upper halves of the counters, int64.</param>
    /// <param name="low">The lower halves.</param>
    public static Tensor[] Blocks(ulong key, Tensor high, Tensor low)
    {
        using var scope = NewDisposeScope();
        Tensor mask = tensor(Low), half = tensor(32L);
        Tensor[] c = [low & mask, low.bitwise_right_shift(half), high & mask, high.bitwise_right_shift(half)];
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < Philox.Rounds; round++)
        {
            var next = Round(c, tensor((long)k0), tensor((long)k1), mask, half);
            // Of the order of the whole mask each: ten rounds of them are not to be held at once.
            foreach (var word in c)
                word.Dispose();
            c = next;
            k0 += Philox.Weyl0;
            k1 += Philox.Weyl1;
        }
        return [.. c.Select(word => (word & mask).MoveToOuterDisposeScope())];
    }

    private static Tensor[] Round(Tensor[] c, Tensor k0, Tensor k1, Tensor mask, Tensor half)
    {
        using var scope = NewDisposeScope();
        var (p0, p1) = (c[0].mul((long)Philox.Multiplier0), c[2].mul((long)Philox.Multiplier1));
        Tensor[] next = [(p1.bitwise_right_shift(half) ^ c[1] ^ k0) & mask, p1, (p0.bitwise_right_shift(half) ^ c[3] ^ k1) & mask, p0];
        foreach (var word in next)
            word.MoveToOuterDisposeScope();
        return next;
    }
}
