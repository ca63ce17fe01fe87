using RnnLab.Kernels.Memory;
using RnnLab.Modules;
using RnnLab.Tests.Support;
using RnnLab.Tests.Training;

namespace RnnLab.Tests.Modules;

/// <summary>What the modules keep, and until when. Runs alone: pool and tensors are the process's.</summary>
[Collection(WholeProcess.Name)]
public sealed class ModuleMemoryTests
{
    [Fact]
    public void A_thousand_training_steps_leave_nothing_behind()
    {
        using var scope = NewDisposeScope();
        using var lstm = new LSTM(8, 16, numLayers: 2, bidirectional: true, dropout: 0.2);
        using var optimizer = optim.Adam(lstm.parameters(), lr: 1e-3);
        var x = rand(5, 4, 8);
        void Step()
        {
            using var step = NewDisposeScope();
            optimizer.zero_grad();
            lstm.call(x).Item1.square().mean().backward();
            optimizer.step();
        }
        for (var k = 0; k < 3; k++)
            Step();
        Settle();
        var before = (Tensor.TotalCount, BufferPool.Shared.BlocksMade, OpenTapes.Bytes);
        for (var k = 0; k < 1000; k++)
            Step();
        Assert.Equal((before.BlocksMade, before.Bytes), (BufferPool.Shared.BlocksMade, OpenTapes.Bytes));
        Settle();
        Assert.Equal(before.TotalCount, Tensor.TotalCount);
    }

    [Fact]
    public void Nothing_is_recorded_without_grad_mode_or_where_nothing_requires_a_gradient()
    {
        using var scope = NewDisposeScope();
        using var gru = new GRU(16, 32);
        var x = rand(200, 8, 16);
        long Most(Action call) => PooledMemory.MostDuring(() =>
        {
            using var inner = NewDisposeScope();
            call();
        });
        var recorded = Most(() => Assert.True(gru.call(x).Item1.requires_grad));
        Settle();
        var open = OpenTapes.Bytes;
        var without = Most(() =>
        {
            using var no_grad = torch.no_grad();
            Assert.False(gru.call(x).Item1.requires_grad);
        });
        foreach (var parameter in gru.parameters())
            parameter.requires_grad = false;
        var constant = Most(() => Assert.False(gru.call(x).Item1.requires_grad));
        Assert.Equal(open, OpenTapes.Bytes);
        Assert.InRange(without, 0, recorded / 4);
        Assert.InRange(constant, 0, recorded / 4);
    }

    [Fact]
    public void A_graph_that_is_dropped_without_a_backward_pass_gives_its_tape_up()
    {
        using var scope = NewDisposeScope();
        using var lstm = new LSTM(16, 64);
        var x = rand(100, 16, 16);
        Settle();
        var before = OpenTapes.Bytes;
        Forget(lstm, x);
        Assert.InRange(OpenTapes.Bytes, before + 100 * 16 * 64 * 6 * 4, long.MaxValue);
        Settle();
        Assert.Equal(before, OpenTapes.Bytes);
    }

    [Fact]
    public void Calls_that_forget_no_grad_do_not_fill_the_memory()
    {
        using var scope = NewDisposeScope();
        using var lstm = new LSTM(16, 64);
        var x = rand(256, 32, 16);
        // A tape of 12 MB each: 0.8 GB in all.
        var most = PooledMemory.MostDuring(() =>
        {
            for (var k = 0; k < 64; k++)
                Forget(lstm, x);
        });
        Assert.InRange(most, 0, 600L << 20);
    }

    private static void Forget(LSTM lstm, Tensor x)
    {
        using var scope = NewDisposeScope();
        lstm.call(x);
    }

    private static void Settle()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
