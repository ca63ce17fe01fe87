using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Passes;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>What masks are a function of: the seed, the layer and the number of the time step.</summary>
public sealed class MaskTests
{
    private const int T = 6, B = 5, I = 3;

    private static readonly RecurrentRegularization PerStep = new() { ZoneoutH = 0.3, ZoneoutC = 0.4 };

    private static readonly RecurrentRegularization Everything = PerStep with { RecurrentDropout = 0.3, WeightDrop = 0.3 };

    [Fact]
    public void Masks_are_the_same_for_the_same_seed_layer_and_first_step()
    {
        using var scope = NewDisposeScope();
        var first = Masks(Layer(3, "l0"), firstStep: 12);
        foreach (var (name, mask) in Masks(Layer(3, "l0"), firstStep: 12))
            Same.Exactly(first[name], mask);
    }

    [Theory]
    [InlineData(4, "l0", 12)]
    [InlineData(3, "l1", 12)]
    [InlineData(3, "l0_reverse", 12)]
    [InlineData(3, "l0", 40)]
    public void Masks_are_others_for_another_seed_layer_or_first_step(ulong seed, string name, long firstStep)
    {
        using var scope = NewDisposeScope();
        var first = Masks(Layer(3, "l0"), firstStep: 12);
        foreach (var (kind, mask) in Masks(Layer(seed, name), firstStep))
            Assert.InRange(first[kind].ne(mask).to(ScalarType.Float64).mean().item<double>(), 0.2, 0.7);
    }

    [Fact]
    public void Zoneouts_masks_of_h_and_of_c_are_others_and_change_from_step_to_step()
    {
        using var scope = NewDisposeScope();
        var layer = Layer(3, "l0", new RecurrentRegularization { ZoneoutH = 0.4, ZoneoutC = 0.4 });
        var masks = Masks(layer, 0);
        Assert.True(masks["h"].ne(masks["c"]).any().item<bool>());
        for (var t = 1; t < T; t++)
            Assert.True(masks["h"][t].ne(masks["h"][t - 1]).any().item<bool>());
    }

    [Fact]
    public void The_layers_of_a_stack_draw_masks_of_their_own()
    {
        using var scope = NewDisposeScope();
        using var rnn = RecurrentStack.Create(() => new LstmCell(4), 4, 2, seed: 3, bidirectional: true, regularization: Everything);
        var rows = BatchRows.Of(zeros([T, B, 4]), null);
        var masks = rnn.Layers.Select(layer => stack(layer.Masks(rows, true, 0).Of(0, T).Select(m => m.UpdateH!))).ToArray();
        for (var k = 1; k < masks.Length; k++)
            for (var j = 0; j < k; j++)
                Assert.True(masks[k].ne(masks[j]).any().item<bool>(), $"layers {j} and {k}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Zoneouts_masks_go_by_time_in_either_direction(bool packed)
    {
        using var scope = NewDisposeScope();
        var rows = BatchRows.Of(zeros([T, B, I]), packed ? SequenceLengths.Of([2, 6, 1, 4, 6]) : null);
        Tensor InTime(bool reverse)
        {
            var steps = Layer(3, "l0", PerStep, reverse).Masks(rows, true, 9).Of(0, rows.Steps.T).Select(m => m.UpdateH!).ToArray();
            var whole = cat(steps, 0);
            return rows.ToPadded(reverse ? rows.Reverse(whole) : whole);
        }
        Same.Exactly(InTime(reverse: false), InTime(reverse: true));
        Assert.True(InTime(false).ne(0).any().item<bool>());
    }

    [Fact]
    public void Masks_made_for_some_steps_are_those_made_for_all()
    {
        using var scope = NewDisposeScope();
        foreach (var reverse in (bool[])[false, true])
            foreach (var lengths in new[] { null, SequenceLengths.Of([2, 6, 1, 4, 6]), SequenceLengths.Of([2, 6, 1, 4, 6], form: PaddingForm.Masked) })
            {
                var masks = Layer(3, "l0", Everything, reverse).Masks(BatchRows.Of(zeros([T, B, I]), lengths), true, 9);
                var all = masks.Of(0, T);
                foreach (var (from, to) in ((int, int)[])[(0, 2), (2, 5), (5, 6)])
                    foreach (var (mask, expected) in masks.Of(from, to).Zip(all.Skip(from)))
                    {
                        Same.Exactly(expected.Operand!, mask.Operand!);
                        Same.Exactly(expected.UpdateH!, mask.UpdateH!);
                        Same.Exactly(expected.UpdateC!, mask.UpdateC!);
                    }
            }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_windows_with_the_numbers_of_their_steps_have_the_masks_of_one_window_over_both(bool bidirectional)
    {
        using var scope = NewDisposeScope();
        using var rnn = RecurrentStack.Create(
            () => new LstmCell(4), I, bidirectional ? 1 : 2, 0.4, seed: 3, dtype: ScalarType.Float64, regularization: PerStep, bidirectional: bidirectional);
        rnn.train();
        var problem = new StackProblem(rnn, T, B);
        var (whole, end) = rnn.Forward(problem.X, problem.S0, options: new() { FirstStep = 20 });
        var (x0, x1) = (problem.X.narrow(0, 0, T / 2), problem.X.narrow(0, T / 2, T / 2));
        var (early, middle) = rnn.Forward(x0, problem.S0, options: new() { FirstStep = 20 });
        if (bidirectional)
        {
            // The reverse layer comes from the second window to the first.
            var (late, after) = rnn.Forward(x1, new([middle.Layers[0], problem.S0.Layers[1]]), options: new() { FirstStep = 20 + T / 2 });
            (early, _) = rnn.Forward(x0, new([problem.S0.Layers[0], after.Layers[1]]), options: new() { FirstStep = 20 });
            Same.Within(Difference.Autograd, whole, cat([early, late], 0));
            return;
        }
        var (second, last) = rnn.Forward(x1, middle, options: new() { FirstStep = 20 + T / 2 });
        Same.Within(Difference.Autograd, whole, cat([early, second], 0));
        Same.Within(Difference.Autograd, end.Layers[1].C!, last.Layers[1].C!);
    }

    [Fact]
    public void Locked_dropout_has_one_mask_for_all_steps_of_a_call_and_another_for_the_next_call()
    {
        using var scope = NewDisposeScope();
        Tensor Mask(bool locked, long firstStep) => new Dropout(0.5, 3, "dropout/l1", locked).Mask([T, B, 8], firstStep, ScalarType.Float64, CPU);
        var (locked, free) = (Mask(true, 12), Mask(false, 12));
        Assert.Equal(new long[] { T, B, 8 }, locked.shape);
        for (var t = 1; t < T; t++)
        {
            Same.Exactly(locked[0], locked[t]);
            Assert.True(free[t].ne(free[0]).any().item<bool>());
        }
        Same.Exactly(free[0], locked[0]);
        Assert.True(Mask(true, 12 + T).ne(locked).any().item<bool>());
    }

    public static TheoryData<string> Options => [.. LayerOption.All.Select(option => option.Name)];

    [Theory]
    [MemberData(nameof(Options))]
    public void Nothing_is_left_behind_whatever_the_option(string option)
    {
        using var outer = NewDisposeScope();
        var p = LayerOption.Named(option).Problem("lstm", Kernel.Fast)!;
        using (NewDisposeScope())
            p.ByHand(); // makes the gradients, which stay
        p.Options.Lengths?.Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++)
        {
            using var scope = NewDisposeScope();
            p.ByHand();
            p.Layer.Forward(p.X, p.S0, options: p.Options);
            p.Options.Lengths?.Dispose();
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static RecurrentLayer Layer(ulong seed, string name, RecurrentRegularization? regularization = null, bool reverse = false)
    {
        var cell = new LstmCell(8);
        return new(cell, RecurrentParameters.Create(cell, I, "l0", Initialization.PyTorch, 11), reverse, regularization ?? Everything, seed, name);
    }

    private static Dictionary<string, Tensor> Masks(RecurrentLayer layer, long firstStep)
    {
        var steps = layer.Masks(BatchRows.Of(zeros([T, B, I]), null), training: true, firstStep).Of(0, T);
        Tensor All(Func<StepMasks, Tensor?> kind) => stack(steps.Select(step => kind(step) ?? zeros(1)));
        var weight = layer.WeightMask(true, firstStep) ?? zeros(1);
        return new() { ["operand"] = All(m => m.Operand), ["h"] = All(m => m.UpdateH), ["c"] = All(m => m.UpdateC), ["weight"] = weight };
    }
}
