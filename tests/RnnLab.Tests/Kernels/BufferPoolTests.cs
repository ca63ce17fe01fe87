using RnnLab.Kernels.Memory;

namespace RnnLab.Tests.Kernels;

/// <summary>The pool of tapes and workspaces, and the memory that it may take.</summary>
public sealed unsafe class BufferPoolTests
{
    [Fact]
    public void What_is_given_back_is_used_again()
    {
        var pool = new BufferPool();
        var first = pool.Rent(1000);
        var start = (nint)first.Start;
        first.Dispose();
        using var again = pool.Rent(1000);
        Assert.Equal(start, (nint)again.Start);
        Assert.Equal(1, pool.BlocksMade);
    }

    [Fact]
    public void Sizes_within_an_eighth_share_a_block()
    {
        var pool = new BufferPool();
        pool.Rent(100_000).Dispose();
        pool.Rent(99_000).Dispose();
        Assert.Equal(1, pool.BlocksMade);
        Assert.InRange(pool.FreeBytes, 100_000, 112_500);
    }

    [Fact]
    public void The_same_requests_again_and_again_make_no_new_block()
    {
        var pool = new BufferPool();
        for (var step = 0; step < 5; step++)
        {
            using var tape = pool.Rent(300_000);
            using (pool.Rent(5_000))
            using (pool.Rent(70_000))
            {
            }
            using var next = pool.Rent(5_000);
        }
        Assert.Equal(3, pool.BlocksMade);
    }

    [Fact]
    public void A_block_that_is_given_back_twice_is_free_once()
    {
        var pool = new BufferPool();
        var buffer = pool.Rent(1000);
        buffer.Dispose();
        var free = pool.FreeBytes;
        buffer.Dispose();
        Assert.Equal(free, pool.FreeBytes);
        using var first = pool.Rent(1000);
        using var second = pool.Rent(1000);
        Assert.NotEqual((nint)first.Start, (nint)second.Start);
    }

    [Fact]
    public void What_waits_is_never_more_than_one_and_a_half_times_what_was_in_use_at_once()
    {
        var pool = new BufferPool();
        for (var size = 1 << 12; size <= 1 << 16; size += 1 << 12)
        {
            pool.Rent(size).Dispose();
            var inUse = size + size / 8;
            Assert.InRange(pool.FreeBytes, size, inUse + inUse / 2);
        }
    }

    [Fact]
    public void A_request_that_no_machine_can_meet_is_refused_and_changes_nothing()
    {
        var pool = new BufferPool();
        pool.Rent(1 << 16).Dispose();
        var error = Assert.Throws<UserException>(() => pool.Rent(1L << 55));
        Assert.Matches(@"^a workspace of 36028797\.0 GB does not fit into the \d+\.\d GB of memory at hand: lower ", error.Message);
        // What waits is bounded as before: every size once would otherwise stay.
        for (var size = 1 << 12; size <= 1 << 16; size += 1 << 12)
            pool.Rent(size).Dispose();
        Assert.InRange(pool.FreeBytes, 1 << 16, (1 << 16) + (1 << 13));
    }

    [Fact]
    public void Blocks_start_at_cache_lines()
    {
        var pool = new BufferPool();
        foreach (var bytes in new[] { 1, 64, 1000, 3 << 20 })
        {
            using var buffer = pool.Rent(bytes);
            Assert.Equal(0, (nint)buffer.Start % 64);
        }
    }

    [Fact]
    public void No_two_callers_have_the_same_block()
    {
        var pool = new BufferPool();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, caller =>
        {
            for (var time = 0; time < 2000; time++)
            {
                using var buffer = pool.Rent(64 * (1 + time % 3));
                var place = (int*)buffer.Start;
                *place = caller;
                Thread.Yield();
                Assert.Equal(caller, Volatile.Read(ref *place));
            }
        });
        Assert.InRange(pool.BlocksMade, 3, int.MaxValue);
    }

    [Fact]
    public void The_memory_at_hand_is_some_and_not_more_than_the_machine_has()
    {
        Assert.InRange(AvailableMemory.Bytes(), 1, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        AvailableMemory.Require(1 << 20);
        Assert.Throws<UserException>(() => AvailableMemory.Require(long.MaxValue));
    }
}
