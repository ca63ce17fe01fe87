namespace RnnLab.Modules;

/// <summary>
/// The memory of all tapes that wait for a backward pass. One that never comes (an evaluation that forgot <c>no_grad</c>) leaves a tape to the collector, which
/// does not see how much native memory it holds: when twice as much is open as was found in use before, what was dropped is collected first.
/// </summary>
internal static class OpenTapes
{
    private const long LeastBound = 256 << 20;
    private static long _bytes;
    private static long _bound = LeastBound;

    /// <summary>What is open, in bytes.</summary>
    public static long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>A tape of so many bytes was recorded.</summary>
    public static void Open(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= Interlocked.Read(ref _bound))
            return;
        // Twice: results that nobody disposed give the graph up in the first round, and the graph the tape.
        for (var round = 0; round < 2; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Interlocked.Exchange(ref _bound, Math.Max(LeastBound, 2 * Bytes));
    }

    /// <summary>It was freed.</summary>
    public static void Close(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
