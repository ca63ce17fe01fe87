using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>Stacked layers: dropout, single steps, what does not fit. <see cref="LibtorchStackTests"/> holds them to libtorch's operators.</summary>
public sealed class RecurrentStackTests
{
    private const int T = 9, B = 3, I = 5, H = 4;

    private static RecurrentStack Stack(Func<Cell> cell, ScalarType dtype = ScalarType.Float64, double dropout = 0, int layers = 2)
        => RecurrentStack.Create(cell, I, layers, dropout, seed: 5, dtype: dtype);

    [Fact]
    public void Dropout_between_layers_equals_autograd_with_the_same_masks()
    {
        using var scope = NewDisposeScope();
        using var rnn = Stack(() => new GruCell(H), dropout: 0.4, layers: 3);
        rnn.train();
        var (x, s0, R) = (Draw.Uniform("x", T, B, I), rnn.ZeroState(B), Draw.Uniform("R", T, B, H));
        var (y, _) = AutogradUnroll.Forward(rnn, x, s0, options: new() { FirstStep = 40 });
        var expected = autograd.grad([(R * y).sum()], rnn.parameters().Select(p => (Tensor)p).ToArray());
        using var tape = new StackTape();
        var (yHand, _) = rnn.Forward(x, s0, tape, options: new() { FirstStep = 40 });
        rnn.Backward(tape, R);
        Same.Within(Difference.Autograd, y.detach(), yHand);
        foreach (var (parameter, gradient) in rnn.parameters().Zip(expected))
            Same.Within(Difference.Autograd, gradient, Gradients.Of(parameter));
    }

    [Fact]
    public void Dropout_acts_in_training_only_and_depends_on_the_time_step()
    {
        using var scope = NewDisposeScope();
        using var rnn = Stack(() => new LstmCell(H), dropout: 0.5);
        var (x, s0) = (Draw.Uniform("x", T, B, I), rnn.ZeroState(B));
        rnn.train();
        var (first, _) = rnn.Forward(x, s0, options: new() { FirstStep = 0 });
        var (again, _) = rnn.Forward(x, s0, options: new() { FirstStep = 0 });
        var (later, _) = rnn.Forward(x, s0, options: new() { FirstStep = T });
        rnn.eval();
        var (none, _) = rnn.Forward(x, s0, options: new() { FirstStep = 0 });
        Same.Exactly(first, again);
        Assert.True(Difference.Of(later, first) > 1e-3);
        Assert.True(Difference.Of(none, first) > 1e-3);
    }

    [Fact]
    public void A_single_step_of_the_stack_equals_the_sequence()
    {
        using var scope = NewDisposeScope();
        using var rnn = Stack(() => new LstmCell(H));
        var (x, s) = (Draw.Uniform("x", T, B, I), rnn.ZeroState(B));
        var (whole, _) = rnn.Forward(x, s);
        for (var t = 0; t < T; t++)
        {
            (var y, s) = rnn.Step(x.select(0, t), s);
            Same.Within(Difference.Autograd, whole.select(0, t), y);
            y.zero_(); // the output is the caller's own, apart from the state
        }
    }

    [Fact]
    public void A_module_is_not_converted_behind_the_back_of_its_passes()
    {
        using var rnn = Stack(() => new GruCell(H));
        Assert.Contains("rnn stays where it was made", Assert.Throws<NotSupportedException>(() => rnn.to(ScalarType.Float32)).Message, StringComparison.Ordinal);
        using var scope = NewDisposeScope();
        rnn.Forward(Draw.Uniform("x", T, B, I), rnn.ZeroState(B));
    }

    [Fact]
    public void Layers_that_do_not_fit_are_refused()
    {
        var (narrow, wide) = (RecurrentStack.Create(() => new GruCell(3), I).Layers[0], RecurrentStack.Create(() => new GruCell(4), 7).Layers[0]);
        Assert.Contains("layer 1 takes inputs of 7, from below come 3", Assert.Throws<ArgumentException>(() => new RecurrentStack([narrow, wide])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new RecurrentStack([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RecurrentStack.Create(() => new GruCell(3), I, 2, dropout: 1));
    }
}
