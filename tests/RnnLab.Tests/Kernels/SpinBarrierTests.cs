using RnnLab.Kernels.Threads;
using RnnLab.Tests.Training;

namespace RnnLab.Tests.Kernels;

/// <summary>The barrier under stress. Runs alone: its threads spin.</summary>
[Collection(WholeProcess.Name)]
public sealed class SpinBarrierTests
{
    [Theory]
    [InlineData(2, 50_000)]
    [InlineData(3, 3_000)]
    [InlineData(4, 3_000)]
    [InlineData(6, 2_000)]
    public void What_a_thread_wrote_before_the_barrier_all_read_after_it(int threads, int rounds)
    {
        var exchange = new Exchange(threads, rounds);
        new Team().Run(threads, exchange);
        Assert.Equal(0, exchange.Wrong);
    }

    [Fact]
    public void More_threads_than_cores_get_through()
    {
        var threads = 3 * Environment.ProcessorCount + 1;
        var exchange = new Exchange(threads, 200);
        new Team().Run(threads, exchange);
        Assert.Equal(0, exchange.Wrong);
    }

    [Fact]
    public void A_broken_barrier_lets_those_go_who_wait_and_those_who_come()
    {
        var barrier = new SpinBarrier(2);
        var waiting = new Thread(() => Assert.Throws<BarrierBrokenException>(barrier.Wait));
        waiting.Start();
        barrier.Break();
        waiting.Join();
        var late = new SpinBarrier(2);
        late.Break();
        Assert.Throws<BarrierBrokenException>(late.Wait);
    }

    /// <summary>
    /// Each thread writes its number's place, waits once, and reads all others'. Two places for each, by turns: who is a round ahead must not
    /// reach the place that is being read, or the barrier let him through too early.
    /// </summary>
    private sealed class Exchange(int threads, int rounds) : Job
    {
        // A cache line each, and plain accesses: the barrier alone orders them.
        private readonly int[] _places = new int[threads * 32];
        private int _wrong;

        public int Wrong => _wrong;

        public override void Run(int worker)
        {
            for (var round = 1; round <= rounds; round++)
            {
                var place = round % 2 * 16;
                _places[worker * 32 + place] = round;
                WaitForAll();
                for (var other = 0; other < threads; other++)
                    if (_places[other * 32 + place] != round)
                        Interlocked.Increment(ref _wrong);
            }
        }
    }
}
