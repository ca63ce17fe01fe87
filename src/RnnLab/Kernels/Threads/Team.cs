using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace RnnLab.Kernels.Threads;

/// <summary>
/// The kernels' own threads. They are made when first needed, sleep between jobs, and take part in one job at a time; the caller is thread 0.
/// After a job they look out for the next for a millisecond, offering their core to whoever wants it, and then
/// sleep: an idle process uses no processor time.
/// </summary>
internal sealed class Team
{
    private readonly Lock _one = new();
    private readonly List<Member> _members = [];

    /// <summary>The process's team.</summary>
    public static Team Shared { get; } = new();

    /// <summary>
    /// Runs a job on <paramref name="threads"/> threads and returns when all are done. While another job has the team, a job runs on its caller's
    /// thread alone. No job's result depends on the number of threads that run it: one that adds up parts has the number of parts fixed beforehand.
    /// </summary>
    public void Run(int threads, Job job)
    {
        if (threads == 1 || _one.IsHeldByCurrentThread || !_one.TryEnter())
        {
            job.Prepare(1);
            job.Run(0);
            return;
        }
        try
        {
            RunTogether(threads, job);
        }
        finally
        {
            _one.Exit();
        }
    }

    private void RunTogether(int threads, Job job)
    {
        while (_members.Count < threads - 1)
            _members.Add(new Member(_members.Count + 1));
        job.Prepare(threads);
        for (var k = 0; k < threads - 1; k++)
            _members[k].Start(job);
        var failure = Attempt(job, 0);
        for (var k = 0; k < threads - 1; k++)
        {
            var other = _members[k].Finish();
            // The first failure is the cause; a broken barrier is only its echo.
            failure = failure is null or BarrierBrokenException ? other ?? failure : failure;
        }
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static Exception? Attempt(Job job, int worker)
    {
        try
        {
            job.Run(worker);
            return null;
        }
        catch (Exception failure)
        {
            job.Break();
            return failure;
        }
    }

    /// <summary>One thread. <c>_state</c> goes idle → ready → idle; the owner of the team writes ready, the thread writes idle.</summary>
    private sealed class Member
    {
        private const int Idle = 0, Ready = 1, SpinsBeforeYield = 20_000;

        // About as long as what lies between the passes of a training step: a thread that sleeps starts its part late.
        private static readonly long TicksBeforeSleep = Stopwatch.Frequency / 1000;


        private readonly object _bed = new();
        private readonly int _worker;
        private Job? _job;
        private Exception? _failure;
        private int _state;
        private int _asleep;

        public Member(int worker)
        {
            _worker = worker;
            new Thread(Loop) { IsBackground = true, Name = $"RnnLab kernels {worker}" }.Start();
        }

        /// <summary>Hands over a job; the thread must be idle.</summary>
        public void Start(Job job)
        {
            _job = job;
            // A full fence here and one in Await: either this sees that the thread is going to sleep, or the thread sees the work before it sleeps.
            Interlocked.Exchange(ref _state, Ready);
            if (Volatile.Read(ref _asleep) == 0)
                return;
            lock (_bed)
                Monitor.Pulse(_bed);
        }

        /// <summary>Waits until the job is done; what went wrong, or null.</summary>
        public Exception? Finish()
        {
            for (var spins = 0; Volatile.Read(ref _state) != Idle; spins++)
                Pause.Once(spins, SpinsBeforeYield);
            return _failure;
        }

        private void Loop()
        {
            while (true)
            {
                Await();
                _failure = Attempt(_job!, _worker);
                _job = null;
                Volatile.Write(ref _state, Idle);
            }
        }

        private void Await()
        {
            var start = Stopwatch.GetTimestamp();
            for (var spins = 0; Stopwatch.GetTimestamp() - start < TicksBeforeSleep; spins++)
            {
                if (Volatile.Read(ref _state) == Ready)
                    return;
                Pause.Once(spins, SpinsBeforeYield);
            }
            lock (_bed)
            {
                Interlocked.Exchange(ref _asleep, 1);
                while (Volatile.Read(ref _state) != Ready)
                    Monitor.Wait(_bed);
                Volatile.Write(ref _asleep, 0);
            }
        }
    }
}
