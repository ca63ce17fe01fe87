namespace RnnLab.Kernels.Threads;

/// <summary>Rows that do not meet, divided evenly: each thread takes a range of them, [from, to).</summary>
internal sealed class RowRanges(int rows, Action<int, int> take) : Job
{
    // Fewer numbers than this for each thread are done sooner than another thread is called.
    private const int FewestNumbers = 10_000;

    /// <summary>Runs <paramref name="take"/> over all rows of <paramref name="width"/> numbers.</summary>
    public static void Run(int rows, int width, Action<int, int> take)
    {
        var threads = (int)Math.Clamp((long)rows * width / FewestNumbers, 1, get_num_threads());
        Team.Shared.Run(threads, new RowRanges(rows, take));
    }

    public override void Run(int worker)
    {
        var (from, to) = Share(rows, worker);
        take(from, to);
    }
}
