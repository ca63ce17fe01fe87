namespace RnnLab.Kernels.Threads;

/// <summary>Work for several threads at once: each runs <see cref="Run"/> with its own number.</summary>
internal abstract class Job
{
    private SpinBarrier _all = new(1);

    /// <summary>The number of threads that run it.</summary>
    public int Threads { get; private set; } = 1;

    /// <summary>The share of thread <paramref name="worker"/>, from 0 to <see cref="Threads"/> − 1.</summary>
    public abstract void Run(int worker);

    /// <summary>Called once, before the threads start.</summary>
    public virtual void Prepare(int threads)
    {
        Threads = threads;
        _all = new SpinBarrier(threads);
    }

    /// <summary>Called when a thread has failed: whoever waits for it must not wait for ever.</summary>
    public virtual void Break() => _all.Break();

    /// <summary>Waits until all threads of the job are here.</summary>
    protected void WaitForAll() => _all.Wait();

    /// <summary>Part <paramref name="worker"/> of <paramref name="count"/> things divided evenly, as [From, To).</summary>
    protected (int From, int To) Share(int count, int worker) => Share(count, worker, Threads);

    /// <summary>Part <paramref name="part"/> of <paramref name="parts"/> of <paramref name="count"/> things divided evenly, as [From, To).</summary>
    internal static (int From, int To) Share(int count, int part, int parts)
        => ((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));
}
