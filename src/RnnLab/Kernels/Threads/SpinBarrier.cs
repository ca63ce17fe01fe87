namespace RnnLab.Kernels.Threads;

/// <summary>
/// Where the threads of one job wait for each other, many thousand times a second: by spinning.
/// <para>
/// Why it is right. Each thread that arrives takes one from <c>_missing</c>; the one that takes the last resets <c>_missing</c> and then adds
/// one to <c>_round</c>. A waiting thread read the round before it arrived, so it cannot miss the change: the round changes only after all
/// have arrived, itself included. <c>_missing</c> is reset before the round changes, so a thread that runs ahead into the next round finds
/// it whole; and no round can change twice while a thread still waits for the first change, because the second needs that thread's arrival.
/// The interlocked decrement is a full fence and the round is written with release and read with acquire, so whatever a thread wrote before the
/// barrier is seen by all after it.
/// </para>
/// </summary>
internal sealed class SpinBarrier
{
    // Where there are more threads than cores the one waited for may not be running: after this many pauses, a few tens of microseconds, the core is offered to it.
    private const int SpinsBeforeYield = 20_000;

    private readonly int _threads;
    private int _missing;
    private int _round;
    private volatile bool _broken;

    public SpinBarrier(int threads) => (_threads, _missing) = (threads, threads);

    /// <summary>Waits until every thread has come here.</summary>
    /// <exception cref="BarrierBrokenException">A thread failed and will never come.</exception>
    public void Wait()
    {
        if (_threads == 1)
            return;
        var round = Volatile.Read(ref _round);
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            _missing = _threads;
            Volatile.Write(ref _round, round + 1);
            return;
        }
        for (var spins = 0; Volatile.Read(ref _round) == round; spins++)
        {
            if (_broken)
                throw new BarrierBrokenException();
            Pause.Once(spins, SpinsBeforeYield);
        }
    }

    /// <summary>Lets every thread that waits, or will wait, go on with an exception: one of them has failed.</summary>
    public void Break() => _broken = true;
}

/// <summary>Another thread of the job failed.</summary>
internal sealed class BarrierBrokenException : Exception;
