using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Kernels;
using RnnLab.Recurrence.Passes;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tests.Support;
using RnnLab.Tests.Training;

namespace RnnLab.Tests.Recurrence;

/// <summary>The fused passes over batches that shrink and over sequences in parts. Runs alone, as <see cref="FusedThreadTests"/> do.</summary>
[Collection(WholeProcess.Name)]
public sealed class FusedRangeTests
{
    private static readonly WorkerGrid[] Grids = [new(1, 1), new(1, 2), new(2, 1), new(2, 2), new(3, 1)];

    public static TheoryData<string, ScalarType> CellsAndTypes => FusedSweep.CellsAndTypes;

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Sequences_of_unequal_lengths_equal_the_readable_form_in_both_directions(string cell, ScalarType dtype)
    {
        foreach (var shape in new LayerShape[] { new(9, 7, 5, 31), new(40, 13, 3, 8), new(3, 33, 8, 7) })
            foreach (var reverse in new[] { false, true })
            {
                using var scope = NewDisposeScope();
                var forward = FusedSweep.Problem(cell, shape, dtype).Layer;
                var problem = new LayerProblem(new RecurrentLayer(forward.Cell, forward.Parameters, reverse), shape.T, shape.B);
                Same.Within(FusedSweep.Bound(dtype), OfLengths(problem, Kernel.Reference), OfLengths(problem, Kernel.Fast));
            }
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void A_batch_that_shrinks_has_the_same_bits_in_every_division_but_for_the_sums_over_rows(string cell, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (passes, call, problem) = Shrinking(cell, new(40, 13, 3, 33), dtype);
        var whole = Run(passes.On(new(1, 1)), call, problem, [40]);
        foreach (var grid in Grids)
        {
            var divided = Run(passes.On(grid), call, problem, [40]);
            foreach (var name in whole.Keys.Where(name => grid.Rows == 1 || !name.EndsWith("_l0", StringComparison.Ordinal)))
                Same.Exactly(whole[name], divided[name]);
            Same.Within(FusedSweep.Bound(dtype), whole, divided);
        }
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Parts_that_begin_at_blocks_have_the_bits_of_the_whole(string cell, ScalarType dtype)
    {
        foreach (var B in new[] { 100, 300 })
            foreach (var grid in Grids)
            {
                using var scope = NewDisposeScope();
                var (passes, call, problem) = Shrinking(cell, new(9, B, 3, 9), dtype);
                var own = passes.On(grid);
                var block = own.BlockSteps(call);
                var whole = Run(own, call, problem, [9]);
                foreach (var parts in new int[][] { [block, 9], [.. Enumerable.Range(1, 8 / block).Select(k => k * block), 9] })
                    foreach (var (name, tensor) in Run(own, call, problem, parts))
                        Same.Exactly(whole[name], tensor);
            }
    }

    private static IReadOnlyList<long> Lengths(LayerProblem p)
    {
        var (T, B) = (p.X.shape[0], p.X.shape[1]);
        return [.. Enumerable.Range(0, (int)B).Select(row => 1 + (row * 5 + T - 1) % T)];
    }

    /// <summary>All results of the layer's own call.</summary>
    private static Dictionary<string, Tensor> OfLengths(LayerProblem p, Kernel kernel)
    {
        Gradients.Zero(p.Parameters.Select(q => q.Parameter));
        p.Layer.Kernel = kernel;
        using var tape = new Tape();
        var (y, sT) = p.Layer.Forward(p.X, p.S0, tape, new SequenceOptions { Lengths = SequenceLengths.Of(Lengths(p)) });
        Assert.Equal(kernel == Kernel.Fast, tape.IsFused);
        var (dx, ds0) = p.Layer.Backward(tape, p.R, p.Rs);
        return All(p, y, sT, dx, ds0);
    }

    /// <summary>A batch whose rows end one after the other.</summary>
    private static (FusedPasses Passes, SequenceCall Call, LayerProblem Problem) Shrinking(string cell, LayerShape shape, ScalarType dtype)
    {
        var p = new LayerProblem(FusedSweep.Cells[cell](shape.H), shape.T, shape.B, shape.I, dtype);
        var rows = BatchRows.Of(p.X, SequenceLengths.Of(Lengths(p)));
        var call = new SequenceCall(p.Layer.Parameters, rows.ToRows(p.X), rows, p.Layer.Masks(rows, training: false, firstStep: 0));
        return (FusedPasses.For(p.Layer.Cell, p.Layer.Parameters)!, call, p);
    }

    /// <summary>All results of passes that go through the steps in parts; each part ends where the next begins.</summary>
    private static Dictionary<string, Tensor> Run(FusedPasses passes, SequenceCall call, LayerProblem p, int[] ends)
    {
        using var no_grad = torch.no_grad();
        Gradients.Zero(p.Parameters.Select(q => q.Parameter));
        using var forward = passes.Forward(call, wantOutput: true);
        var (from, s, tapes) = (0, p.S0, new Stack<TapeSegment>());
        foreach (var to in ends)
        {
            (s, var tape) = forward.Record(from, to, s);
            tapes.Push(tape);
            from = to;
        }
        using var backward = passes.Backward(call, call.Rows.ToRows(p.R), p.Rs, wantDx: true);
        foreach (var tape in tapes)
            backward.Run(tape);
        var (dx, ds0) = backward.Finish();
        backward.Dispose();
        return All(p, forward.Output(), s, dx!, ds0);
    }

    private static Dictionary<string, Tensor> All(LayerProblem p, Tensor y, CellState sT, Tensor dx, CellState ds0)
    {
        var all = p.Parameters.ToDictionary(q => q.Name, q => Gradients.Of(q.Parameter).clone());
        (all["y"], all["h_T"], all["dx"], all["dh_0"]) = (y, sT.H, dx, ds0.H);
        if (sT.C is { } c)
            (all["c_T"], all["dc_0"]) = (c, ds0.C!);
        return all;
    }
}
