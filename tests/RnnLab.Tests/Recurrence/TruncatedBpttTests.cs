using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>TBPTT(k1, k2) over a two-layer language model, against autograd over the windows that it means.</summary>
public sealed class TruncatedBpttTests
{
    private const int V = 6, B = 2;

    private static LanguageModel Model(double dropout = 0)
    {
        var rnn = RecurrentStack.Create(() => new LstmCell(4), 3, 2, dropout, seed: 5, dtype: ScalarType.Float64);
        return new(new Embedding(V, 3, 5, dtype: ScalarType.Float64), rnn, new Linear(4, V, 5, dtype: ScalarType.Float64));
    }

    private static (Tensor Ids, Tensor Targets) Stream(long T) => (Draw.Tokens("ids", V, T, B), Draw.Tokens("targets", V, T, B));

    private static void ZeroGradients(LanguageModel model) => Gradients.Zero(model.parameters());

    private static void EqualGradients(LanguageModel model, IEnumerable<Tensor> expected)
    {
        foreach (var ((name, parameter), gradient) in model.named_parameters().Zip(expected))
            Assert.True(Difference.Of(Gradients.Of(parameter), gradient) <= Difference.Autograd, $"{name}: {Difference.Of(Gradients.Of(parameter), gradient):g3}");
    }

    private static Tensor[] Leaves(LanguageModel model) => [.. model.parameters().Select(p => (Tensor)p)];

    [Fact]
    public void K1_and_k2_of_the_whole_length_are_full_bptt()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (ids, targets) = Stream(12);
        var full = GradientAudit.AutogradLoss(model, ids, targets, model.ZeroState(B));
        var expected = autograd.grad([full], Leaves(model));
        using var bptt = new TruncatedBptt(model, 12, 12);
        ZeroGradients(model);
        var loss = bptt.Advance(ids, targets);
        Same.Within(Difference.Autograd, full.detach(), loss);
        EqualGradients(model, expected);
    }

    [Theory]
    [InlineData(3, 3, 0.0), InlineData(3, 5, 0.0), InlineData(2, 7, 0.0), InlineData(4, 8, 0.3), InlineData(1, 4, 0.3), InlineData(5, 6, 0.5)]
    public void Every_update_equals_autograd_over_its_window_with_the_weights_of_the_time(int k1, int k2, double dropout)
    {
        using var scope = NewDisposeScope();
        using var model = Model(dropout);
        model.train();
        var (ids, targets) = Stream(20);
        using var bptt = new TruncatedBptt(model, k1, k2);
        // The reference keeps the state before each step as TBPTT means it: from the window that ran over it last.
        var before = new Dictionary<int, RecurrentState> { [0] = model.ZeroState(B) };
        for (var t = 0; t + k1 <= 20; t += k1)
        {
            var start = Math.Max(0, t - (k2 - k1));
            var window = ids.narrow(0, start, t + k1 - start);
            var s0 = before[start].Map(s => s.detach());
            var reference = GradientAudit.AutogradLoss(model, window, targets.narrow(0, t, k1), s0, firstStep: start);
            var expected = autograd.grad([reference], Leaves(model));
            for (var u = start; u < t + k1; u++)
            {
                var (_, next) = AutogradUnroll.Forward(model.Rnn, model.Input.Forward(ids.narrow(0, u, 1)), before[u], options: new() { FirstStep = u });
                before[u + 1] = next.Map(s => s.detach());
            }

            ZeroGradients(model);
            var loss = bptt.Advance(ids.narrow(0, t, k1), targets.narrow(0, t, k1));
            Same.Within(Difference.Autograd, reference.detach(), loss);
            EqualGradients(model, expected);
            MoveWeights(model);
        }
    }

    [Fact]
    public void The_state_is_carried_without_gradient_when_k2_is_k1()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (ids, targets) = Stream(8);
        using var bptt = new TruncatedBptt(model, 4, 4);
        bptt.Advance(ids.narrow(0, 0, 4), targets.narrow(0, 0, 4));
        var (_, carried) = model.Rnn.Forward(model.Input.Forward(ids.narrow(0, 0, 4)), model.ZeroState(B));
        Assert.Null(bptt.Window!.Earlier);
        Same.Within(Difference.Autograd, carried.Layers[1].C!, bptt.Window.State.Layers[1].C!);
    }

    [Fact]
    public void Truncation_changes_the_gradient_and_more_steps_bring_it_nearer_to_full_bptt()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (ids, targets) = Stream(12);
        // The last 2 steps' loss through all 12 steps, and through 2 and 6 of them.
        var full = autograd.grad([GradientAudit.AutogradLoss(model, ids, targets.narrow(0, 10, 2), model.ZeroState(B))], Leaves(model));
        double Distance(int k2)
        {
            using var bptt = new TruncatedBptt(model, 2, k2);
            for (var t = 0; t < 12; t += 2)
            {
                ZeroGradients(model);
                bptt.Advance(ids.narrow(0, t, 2), targets.narrow(0, t, 2));
            }
            return model.parameters().Zip(full, (p, g) => Difference.Of(Gradients.Of(p), g)).Max();
        }
        var (two, six, twelve) = (Distance(2), Distance(6), Distance(12));
        Assert.True(two > six && six > twelve, $"{two} {six} {twelve}");
        Assert.InRange(twelve, 0, Difference.Autograd);
        Assert.True(two > 1e-3);
    }

    [Fact]
    public void Reset_and_set_state_start_where_they_say()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (ids, targets) = Stream(8);
        using var bptt = new TruncatedBptt(model, 4, 6);
        var first = bptt.Advance(ids.narrow(0, 0, 4), targets.narrow(0, 0, 4)).item<double>();
        bptt.ResetState();
        Assert.Null(bptt.Window);
        Assert.Equal(first, bptt.Advance(ids.narrow(0, 0, 4), targets.narrow(0, 0, 4)).item<double>());
        var set = model.ZeroState(B).Map(s => s + 0.5);
        bptt.SetState(set);
        var (nats, _) = model.Score(ids.narrow(0, 4, 4), targets.narrow(0, 4, 4), set);
        Assert.Equal(nats.item<double>() / 8, bptt.Advance(ids.narrow(0, 4, 4), targets.narrow(0, 4, 4)).item<double>(), 12);
        Assert.Equal(12, bptt.NextStep);
    }

    [Fact]
    public void An_update_after_a_restored_window_equals_the_one_without_the_break()
    {
        using var scope = NewDisposeScope();
        using var model = Model(dropout: 0.3);
        model.train();
        var (ids, targets) = Stream(12);
        using var bptt = new TruncatedBptt(model, 4, 7);
        bptt.Advance(ids.narrow(0, 0, 4), targets.narrow(0, 0, 4));
        using var copy = new TruncatedBptt(model, 4, 7);
        copy.Restore(new OpenWindow(bptt.Window!.State.Copy(), bptt.Window.Earlier!.clone().DetachFromDisposeScope()), bptt.NextStep);
        ZeroGradients(model);
        var expected = bptt.Advance(ids.narrow(0, 4, 4), targets.narrow(0, 4, 4));
        var gradients = model.parameters().Select(p => Gradients.Of(p).clone()).ToArray();
        ZeroGradients(model);
        Same.Exactly(expected, copy.Advance(ids.narrow(0, 4, 4), targets.narrow(0, 4, 4)));
        foreach (var (p, g) in model.parameters().Zip(gradients))
            Same.Exactly(g, Gradients.Of(p));
    }

    [Fact]
    public void Unreasonable_lengths_are_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        Assert.Throws<ArgumentOutOfRangeException>(() => new TruncatedBptt(model, 0, 5));
        Assert.Contains("at least k1", Assert.Throws<ArgumentOutOfRangeException>(() => new TruncatedBptt(model, 5, 4)).Message, StringComparison.Ordinal);
        using var bptt = new TruncatedBptt(model, 4, 4);
        var (ids, targets) = Stream(5);
        Assert.Contains("k1 is 4", Assert.Throws<ArgumentException>(() => bptt.Advance(ids, targets)).Message, StringComparison.Ordinal);
    }

    /// <summary>A step of plain gradient descent, large enough that stale weights would show.</summary>
    private static void MoveWeights(LanguageModel model)
    {
        using var no_grad = torch.no_grad();
        foreach (var parameter in model.parameters())
            parameter.add_(Gradients.Of(parameter), -0.5);
    }
}
