using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>What the engine refuses, and with which words.</summary>
public sealed class EngineRefusalTests
{
    private static LayerProblem Lstm => new(new LstmCell(4));

    private static void Refused<E>(string fragment, Func<object?> act)
        where E : Exception
        => Assert.Contains(fragment, Assert.ThrowsAny<E>(act).Message, StringComparison.Ordinal);

    [Fact]
    public void Lengths_that_do_not_fit_a_batch_are_refused()
    {
        using var scope = NewDisposeScope();
        var p = Lstm;
        using var rnn = new RecurrentStack([p.Layer]);
        foreach (var form in Enum.GetValues<PaddingForm>())
        {
            SequenceOptions Of(params long[] lengths) => new() { Lengths = SequenceLengths.Of(lengths, form: form) };
            Refused<ArgumentException>("lengths[1] is 8, longer than the batch's 7 steps", () => p.Layer.Forward(p.X, p.S0, options: Of(3, 8, 1)));
            Refused<ArgumentException>("2 lengths for a batch of 3", () => p.Layer.Forward(p.X, p.S0, options: Of(3, 7)));
            Refused<ArgumentException>("4 lengths for a batch of 3", () => rnn.Forward(p.X, new([p.S0]), options: Of(3, 7, 1, 1)));
            Refused<ArgumentException>("longer than the batch's 7 steps", () => AutogradUnroll.Forward(p.Layer, p.X, p.S0, Of(3, 8, 1)));
        }
    }

    [Fact]
    public void Lengths_that_are_none_are_refused()
    {
        Refused<ArgumentException>("there must be a sequence", () => SequenceLengths.Of([]));
        Refused<ArgumentException>("lengths[1] is 0, expected a positive number of steps", () => SequenceLengths.Of([3, 0]));
        Refused<ArgumentException>("lengths[0] is -2, expected a positive number of steps", () => SequenceLengths.Of([-2, 3]));
        Refused<ArgumentException>("lengths[2] is 5 after 4: with enforceSorted the longest sequence comes first",
            () => SequenceLengths.Of([7, 4, 5], enforceSorted: true));
        Assert.Equal(7, SequenceLengths.Of([7, 7, 5], enforceSorted: true).Longest);
    }

    [Fact]
    public void Levels_that_do_not_fit_are_refused()
    {
        static RecurrentLayer Layer(long inputs, long hidden, bool reverse = false)
        {
            var cell = new GruCell(hidden);
            return new(cell, RecurrentParameters.Create(cell, inputs, "l0", Initialization.PyTorch, 1), reverse);
        }
        Refused<ArgumentException>(
            "residual connections need outputs of one width at all levels", () => new RecurrentStack([Layer(3, 4), Layer(4, 5)], connection: StackConnection.Residual));
        foreach (var layers in new RecurrentLayer[][]
        {
            [Layer(3, 4), Layer(3, 4, reverse: true), Layer(8, 4)],
            [Layer(3, 4, reverse: true), Layer(3, 4)],
            [Layer(3, 4, reverse: true)],
            [Layer(3, 4), Layer(4, 4), Layer(4, 4, reverse: true), Layer(4, 4)],
        })
            Refused<ArgumentException>("a stack has forward layers only, or at each level a forward layer and then a reverse one", () => new RecurrentStack(layers));
        Refused<ArgumentException>(
            "layer 2 takes inputs of 4, from below come 8", () => new RecurrentStack([Layer(3, 4), Layer(3, 4, reverse: true), Layer(4, 4), Layer(4, 4, reverse: true)]));
        Refused<ArgumentException>("layer 1 takes inputs of 4, from below come 7", () => new RecurrentStack([Layer(3, 4), Layer(4, 4)], connection: StackConnection.Skip));
    }

    [Fact]
    public void What_needs_one_direction_is_refused_to_a_bidirectional_stack()
    {
        using var scope = NewDisposeScope();
        using var rnn = RecurrentStack.Create(() => new GruCell(4), 5, bidirectional: true);
        Refused<InvalidOperationException>("a bidirectional stack has no single step", () => rnn.Step(zeros([2, 5]), rnn.ZeroState(2)));
        using var head = new Linear(8, 5, seed: 1);
        Refused<ArgumentException>("a language model cannot be bidirectional", () => new LanguageModel(new OneHot(5), rnn, head));
        using var tape = new StackTape();
        rnn.Forward(zeros([3, 2, 5]), rnn.ZeroState(2), tape);
        Refused<InvalidOperationException>("sequences of one length, run forward", () => tape.StateBefore(1));
    }

    [Fact]
    public void Regularization_that_a_cell_cannot_have_or_that_is_no_probability_is_refused()
    {
        var cell = new GruCell(4);
        var parameters = RecurrentParameters.Create(cell, 3, "l0", Initialization.PyTorch, 1);
        Refused<ArgumentException>("zoneout_c: gru has no c; zoneout_h acts on h", () => new RecurrentLayer(cell, parameters, regularization: new() { ZoneoutC = 0.1 }));
        foreach (var p in (double[])[-0.1, 1, 1.5, double.NaN])
        {
            Refused<ArgumentOutOfRangeException>("recurrent_dropout must be in [0, 1)", () => new RecurrentRegularization { RecurrentDropout = p });
            Refused<ArgumentOutOfRangeException>("weight_drop must be in [0, 1)", () => new RecurrentRegularization { WeightDrop = p });
            Refused<ArgumentOutOfRangeException>("zoneout_h must be in [0, 1)", () => new RecurrentRegularization { ZoneoutH = p });
            Refused<ArgumentOutOfRangeException>("zoneout_c must be in [0, 1)", () => new RecurrentRegularization { ZoneoutC = p });
            Refused<ArgumentOutOfRangeException>("dropout must be in [0, 1)", () => RecurrentStack.Create(() => new GruCell(3), 5, 2, dropout: p));
        }
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void A_state_before_a_step_that_sequences_do_not_share_is_refused(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        foreach (var form in Enum.GetValues<PaddingForm>())
        {
            var p = new LayerProblem(new LstmCell(4), kernel: kernel);
            using var tape = new Tape();
            p.Layer.Forward(p.X, p.S0, tape, new() { Lengths = SequenceLengths.Of([3, 7, 1], form: form) });
            Refused<InvalidOperationException>("sequences of one length, run forward", () => tape.StateBefore(1));
        }
        var cell = new LstmCell(4);
        var parameters = RecurrentParameters.Create(cell, 5, "l0", Initialization.PyTorch, 1, dtype: ScalarType.Float64);
        var reverse = new LayerProblem(new RecurrentLayer(cell, parameters, reverse: true) { Kernel = kernel }, 7, 3);
        using var reversed = new Tape();
        reverse.Layer.Forward(reverse.X, reverse.S0, reversed);
        Refused<InvalidOperationException>("sequences of one length, run forward", () => reversed.StateBefore(1));
    }

    [Fact]
    public void Single_steps_back_through_a_tape_that_does_not_hold_them_are_refused()
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(new LstmCell(4), T: 30, B: 40, kernel: Kernel.Reference);
        using var bounded = new Tape(TapeMemory.SquareRoot);
        p.Layer.Forward(p.X, p.S0, bounded);
        Refused<InvalidOperationException>("go back with Backward", () => p.Layer.BeginBackward(bounded));
        using var packed = new Tape();
        p.Layer.Forward(p.X, p.S0, packed, new() { Lengths = SequenceLengths.Of([.. Enumerable.Range(1, 40).Select(b => Math.Min(30L, b))]) });
        Refused<InvalidOperationException>("go back with Backward", () => p.Layer.BeginBackward(packed));
        var fused = Lstm;
        using var whole = new Tape();
        fused.Layer.Forward(fused.X, fused.S0, whole);
        Refused<InvalidOperationException>("go back with Backward", () => fused.Layer.BeginBackward(whole));
        using var plain = new Tape();
        p.Layer.Forward(p.X, p.S0, plain);
        using var allowed = p.Layer.BeginBackward(plain);
    }

    [Fact]
    public void Gradients_of_another_shape_or_count_are_refused_with_what_was_expected()
    {
        using var scope = NewDisposeScope();
        using var rnn = RecurrentStack.Create(() => new LstmCell(4), 5, 2, dtype: ScalarType.Float64, bidirectional: true);
        var p = new StackProblem(rnn, 7, 3) { Options = new() { Lengths = SequenceLengths.Of([3, 7, 1]) } };
        using var tape = new StackTape();
        rnn.Forward(p.X, p.S0, tape, p.Options);
        Refused<ArgumentException>("dOutput is (7, 3, 4), the tape's forward gave (7, 3, 8)", () => rnn.Backward(tape, p.R.narrow(2, 0, 4)));
        Refused<ArgumentException>("dOutput is (6, 3, 8), the tape's forward gave (7, 3, 8)", () => rnn.Backward(tape, p.R.narrow(0, 0, 6)));
        Refused<ArgumentException>("dOutput is Float32", () => rnn.Backward(tape, p.R.to(ScalarType.Float32)));
        Refused<ArgumentException>("the state has 3 layers, the stack 4", () => rnn.Backward(tape, p.R, new([.. p.Rs.Layers.Skip(1)])));
        Refused<ArgumentException>("the state has 2 layers, the stack 4", () => rnn.Forward(p.X, new([.. p.S0.Layers.Take(2)])));
        Refused<ArgumentException>("state h is (2, 4), expected (3, 4)", () => rnn.Forward(p.X, p.S0.Map(s => s.narrow(0, 0, 2))));
        Refused<ArgumentException>("state h is (2, 4), expected (3, 4)", () => rnn.Backward(tape, p.R, p.Rs.Map(s => s.narrow(0, 0, 2))));
        rnn.Backward(tape, p.R, p.Rs);
        Refused<InvalidOperationException>("run the forward again", () => rnn.Backward(tape, p.R, p.Rs));
    }

    [Theory]
    [InlineData(Kernel.Fast), InlineData(Kernel.Reference)]
    public void A_step_is_not_added_to_a_tape_that_holds_a_sequence_or_steps_of_another_batch(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(new LstmCell(4), kernel: kernel);
        using var sequence = new Tape();
        p.Layer.Forward(p.X, p.S0, sequence);
        Refused<ArgumentException>("single steps need a tape of their own", () => p.Layer.Step(p.X.select(0, 0), p.S0, sequence));
        p.Layer.Backward(sequence, p.R);
        using var steps = new Tape();
        p.Layer.Step(p.X.select(0, 0), p.S0, steps);
        Refused<ArgumentException>("the tape's steps are of a batch of 3, this one is of 2", () => p.Layer.Step(p.X.select(0, 0).narrow(0, 0, 2), p.S0.Map(s => s.narrow(0, 0, 2)), steps));
    }

    [Fact]
    public void Two_backward_passes_step_by_step_over_one_tape_are_refused()
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(new GruCell(4), T: 2);
        using var tape = new Tape();
        var s = p.Layer.Step(p.X.select(0, 0), p.S0, tape);
        p.Layer.Step(p.X.select(0, 1), s, tape);
        using var first = p.Layer.BeginBackward(tape);
        using var second = p.Layer.BeginBackward(tape);
        var (_, ds) = first.Step(p.Rs);
        first.Step(ds);
        first.Finish();
        Assert.Contains("this tape was used", Assert.Throws<InvalidOperationException>(() => second.Step(p.Rs)).Message, StringComparison.Ordinal);
        Assert.Contains("this tape was used", Assert.Throws<InvalidOperationException>(first.Finish).Message, StringComparison.Ordinal);
    }
}
