using RnnLab.Kernels.Threads;
using RnnLab.Tests.Training;

namespace RnnLab.Tests.Kernels;

/// <summary>The kernels' threads at work. Runs alone: they spin.</summary>
[Collection(WholeProcess.Name)]
public sealed class TeamTests
{
    [Fact]
    public void Every_worker_runs_once_in_every_job()
    {
        var team = new Team();
        foreach (var threads in new[] { 1, 3, 2, 5, 2, 1, 4 })
        {
            var job = new Counting(threads);
            team.Run(threads, job);
            Assert.Equal(threads, job.Threads);
            Assert.All(job.Runs, runs => Assert.Equal(1, runs));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_thread_that_fails_ends_the_job_with_its_exception_and_the_team_goes_on(int failing)
    {
        var team = new Team();
        for (var time = 0; time < 5; time++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => team.Run(3, new Failing(failing)));
            Assert.Equal($"worker {failing}", error.Message);
            var next = new Counting(3);
            team.Run(3, next);
            Assert.All(next.Runs, runs => Assert.Equal(1, runs));
        }
    }

    [Fact]
    public void A_job_that_fails_alone_leaves_the_team_free()
    {
        var team = new Team();
        Assert.Throws<InvalidOperationException>(() => team.Run(1, new Failing(0)));
        var next = new Counting(2);
        team.Run(2, next);
        Assert.Equal(2, next.Threads);
    }

    [Fact]
    public void While_a_job_has_the_team_another_callers_runs_alone()
    {
        var team = new Team();
        var inner = new Counting(1);
        var caller = new Thread(() => team.Run(3, inner));
        team.Run(2, new Acting(() =>
        {
            caller.Start();
            caller.Join();
        }));
        Assert.Equal((1, 1), (inner.Threads, inner.Runs[0]));
    }

    [Fact]
    public void A_job_within_a_job_runs_alone()
    {
        var team = new Team();
        var inner = new Counting(1);
        team.Run(2, new Acting(() => team.Run(3, inner)));
        Assert.Equal((1, 1), (inner.Threads, inner.Runs[0]));
    }

    [Fact]
    public void Callers_at_once_all_have_their_jobs_done()
    {
        var team = new Team();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var time = 0; time < 500; time++)
            {
                var job = new Counting(2);
                team.Run(2, job);
                Assert.Equal(job.Threads, job.Runs.Sum());
            }
        });
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(7, 3)]
    [InlineData(100, 7)]
    public void Shares_are_even_and_leave_nothing_out(int count, int threads)
    {
        var shares = Enumerable.Range(0, threads).Select(part => Job.Share(count, part, threads)).ToArray();
        Assert.Equal((0, count), (shares[0].From, shares[^1].To));
        Assert.All(shares.Zip(shares.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.All(shares, share => Assert.InRange(share.To - share.From, count / threads, (count + threads - 1) / threads));
    }

    private sealed class Counting(int most) : Job
    {
        private readonly int[] _runs = new int[most];

        public IReadOnlyList<int> Runs => _runs;

        public override void Run(int worker)
        {
            Interlocked.Increment(ref _runs[worker]);
            WaitForAll();
        }
    }

    /// <summary>One worker fails where the others wait for it.</summary>
    private sealed class Failing(int failing) : Job
    {
        public override void Run(int worker)
        {
            WaitForAll();
            if (worker == failing)
                throw new InvalidOperationException($"worker {worker}");
            WaitForAll();
        }
    }

    /// <summary>The caller does something while the others have nothing to do.</summary>
    private sealed class Acting(Action act) : Job
    {
        public override void Run(int worker)
        {
            if (worker == 0)
                act();
        }
    }
}
