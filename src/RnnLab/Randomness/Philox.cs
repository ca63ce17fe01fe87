namespace RnnLab.Randomness;

/// <summary>
/// Philox4x32-10 (Salmon et al. 2011): a counter-based generator. 128 random bits are a pure function of a 128-bit counter and a
/// 64-bit key, so any draw can be made again without the ones before it.
/// </summary>
public static class Philox
{
    /// <summary>Rounds of a block.</summary>
    internal const int Rounds = 10;

    /// <summary>What a round multiplies the words c0 and c2 with.</summary>
    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;

    /// <summary>What is added to the key's words after each round.</summary>
    internal const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>The four words of one block.</summary>
    public static (uint, uint, uint, uint) Block(ulong key, ulong counterHigh, ulong counterLow)
    {
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        var (c0, c1, c2, c3) = ((uint)counterLow, (uint)(counterLow >> 32), (uint)counterHigh, (uint)(counterHigh >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var (p0, p1) = ((ulong)Multiplier0 * c0, (ulong)Multiplier1 * c2);
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return (c0, c1, c2, c3);
    }
}
