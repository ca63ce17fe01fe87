using RnnLab.Kernels.Memory;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Kernels;
using RnnLab.Tests.Support;
using RnnLab.Tests.Training;

namespace RnnLab.Tests.Recurrence;

/// <summary>What the fused passes take from the allocators. Runs alone: the pool is the process's.</summary>
[Collection(WholeProcess.Name)]
public sealed class FusedAllocationTests
{
    private const int Short = 50, Long = 500;

    public static TheoryData<string> Cells => [.. FusedSweep.Cells.Keys];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Nothing_is_allocated_per_step(string cell)
    {
        var (few, many) = (Cost(cell, Short), Cost(cell, Long));
        Assert.Equal(few.Tensors, many.Tensors);
        // One object a step would be 24 bytes at least.
        Assert.InRange(many.ManagedBytes - few.ManagedBytes, -24 * (Long - Short) / 4, 24 * (Long - Short) / 4);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_training_step_in_steady_state_makes_no_new_block(string cell)
    {
        using var scope = NewDisposeScope();
        var problem = FusedSweep.Problem(cell, new(40, 31, 33, 100), ScalarType.Float32);
        for (var step = 0; step < 2; step++)
            problem.ByHand();
        var before = BufferPool.Shared.BlocksMade;
        for (var step = 0; step < 5; step++)
            problem.ByHand();
        Assert.Equal(before, BufferPool.Shared.BlocksMade);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_tape_that_is_dropped_unused_gives_its_memory_back(string cell)
    {
        using var scope = NewDisposeScope();
        var p = FusedSweep.Problem(cell, new(17, 8, 7, 31), ScalarType.Float64);
        void Drop()
        {
            using var tape = new Tape();
            p.Layer.Forward(p.X, p.S0, tape);
        }
        Drop();
        var before = (BufferPool.Shared.BlocksMade, BufferPool.Shared.FreeBytes);
        Drop();
        Assert.Equal(before, (BufferPool.Shared.BlocksMade, BufferPool.Shared.FreeBytes));
    }

    /// <summary>What a forward and a backward of T steps take, on one thread and on two.</summary>
    private static (long ManagedBytes, long Tensors) Cost(string cell, int T)
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(FusedSweep.Cells[cell](33), T, 5, 7, ScalarType.Float32);
        var passes = FusedPasses.For(p.Layer.Cell, p.Layer.Parameters)!;
        FusedPasses[] each = [passes.On(new(1, 1)), passes.On(new(2, 1)), passes.On(new(1, 2))];
        void Run()
        {
            using var own = NewDisposeScope();
            using var no_grad = torch.no_grad();
            foreach (var one in each)
            {
                p.ByHand(one);
                p.OutputOf(one);
            }
            using var layers = new Tape();
            p.Layer.Forward(p.X, p.S0, layers);
            p.Layer.Backward(layers, p.R, p.Rs);
        }
        for (var warm = 0; warm < 3; warm++)
            Run();
        var before = Counts();
        Run();
        var after = Counts();
        return (after.Bytes - before.Bytes, after.Tensors - before.Tensors);
    }

    private static (long Bytes, long Tensors) Counts()
    {
        var tensors = DisposeScopeManager.Statistics.TensorStatistics;
        return (GC.GetAllocatedBytesForCurrentThread(), tensors.CreatedInScopeCount + tensors.CreatedOutsideScopeCount);
    }
}
