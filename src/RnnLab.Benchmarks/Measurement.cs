namespace RnnLab.Benchmarks;

/// <summary>One side of a comparison: runs its work <paramref name="repeats"/> times and tells the seconds of one run.</summary>
internal delegate double Timed(int repeats);

/// <summary>What a comparison found.</summary>
/// <param name="OursSeconds">Median time of one run of ours.</param>
/// <param name="PeerSeconds">Median time of one run of the peer's.</param>
/// <param name="Ratio">Median over the pairs of the peer's time divided by ours: above 1 where ours is faster.</param>
internal sealed record Comparison(double OursSeconds, double PeerSeconds, double Ratio);

/// <summary>
/// Compares two programs on a machine that others disturb: in blocks A B A B, so that what slows the machine for a while slows both, and
/// by the median of the pairs' ratios, which a few disturbed pairs do not move.
/// </summary>
/// <param name="blockSeconds">How long a block of repeats lasts at least.</param>
/// <param name="warmUpSeconds">How long each side runs before anything counts.</param>
/// <param name="leadInSeconds">
/// How long a side runs, uncounted, before each of its blocks: until the other side's threads have come to rest (OpenBLAS's spin for some
/// 25 ms after a product) and its own, just woken, have been given a core each, which takes the scheduler as long.
/// </param>
/// <param name="afterPair">Called after every pair: other measurements that belong to the same minutes.</param>
internal sealed class Measurement(double blockSeconds, double warmUpSeconds, double leadInSeconds, Action afterPair)
{
    private const int MostRepeats = 100_000;

    /// <summary>The work as a timed side, by <paramref name="clock"/>.</summary>
    /// <param name="work">One run.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="settle">Waits for what the runs have begun; called once for all of them, before the clock is read. Null where each run ends by itself.</param>
    public static Timed Clocked(Action work, TimeProvider clock, Action? settle = null) => repeats =>
    {
        var start = clock.GetTimestamp();
        for (var i = 0; i < repeats; i++)
            work();
        settle?.Invoke();
        return clock.GetElapsedTime(start).TotalSeconds / repeats;
    };

    /// <summary>Measures <paramref name="pairs"/> pairs.</summary>
    public Comparison Compare(Timed ours, Timed peer, int pairs)
    {
        var (oursBlock, peerBlock) = (WarmUp(ours), WarmUp(peer));
        var (a, b) = (new double[pairs], new double[pairs]);
        for (var i = 0; i < pairs; i++)
        {
            (a[i], b[i]) = (oursBlock(), peerBlock());
            afterPair();
        }
        return new(Statistics.Median(a), Statistics.Median(b), Statistics.Median(a.Zip(b, (ours, peer) => peer / ours)));
    }

    /// <summary>The median time of one run over <paramref name="blocks"/> blocks, where there is nothing to compare with.</summary>
    public double Alone(Timed ours, int blocks)
    {
        var block = WarmUp(ours);
        return Statistics.Median(Enumerable.Range(0, blocks).Select(_ => block()).ToArray());
    }

    /// <summary>Runs a side until it is warm, at least twice; returns what measures one block of it.</summary>
    private Func<double> WarmUp(Timed side)
    {
        var (seconds, spent) = (0.0, 0.0);
        for (var blocks = 0; blocks < 2 || spent < warmUpSeconds; blocks++)
        {
            var repeats = Repeats(blocks == 0 ? 0 : blockSeconds, seconds);
            seconds = side(repeats);
            spent += repeats * seconds;
        }
        var (leadIn, counted) = (Repeats(leadInSeconds, seconds), Repeats(blockSeconds, seconds));
        return () =>
        {
            side(leadIn);
            return side(counted);
        };
    }

    /// <summary>How many runs of <paramref name="each"/> seconds last for <paramref name="total"/>; at least one.</summary>
    private static int Repeats(double total, double each)
        => total <= 0 ? 1 : each * MostRepeats <= total ? MostRepeats : Math.Max(1, (int)Math.Ceiling(total / each));
}
