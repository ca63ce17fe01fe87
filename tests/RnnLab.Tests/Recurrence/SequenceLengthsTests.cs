using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>A batch of sequences of unequal lengths against each of its sequences run alone.</summary>
public sealed class SequenceLengthsTests
{
    private const int T = 7, B = 4, I = 3;

    private static readonly Dictionary<string, long[]> Lengths = new()
    {
        ["longest first"] = [7, 5, 5, 2],
        ["in any order"] = [3, 7, 2, 5],
        ["all equal"] = [7, 7, 7, 7],
        ["one of a single step"] = [7, 1, 4, 7],
        ["all shorter than the batch"] = [2, 5, 1, 4],
        ["all equal and shorter than the batch"] = [4, 4, 4, 4],
        ["all of a single step"] = [1, 1, 1, 1],
    };

    private static readonly string[] Cells = ["lstm", "gru", "rnn tanh", "lstm projected"];

    public static TheoryData<string, string, PaddingForm> Cases => Each.Of(Lengths.Keys, Cells, Enum.GetValues<PaddingForm>());

    public static TheoryData<string, bool, PaddingForm> Stacks => Each.Of<string, bool, PaddingForm>(Lengths.Keys, [false, true], Enum.GetValues<PaddingForm>());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_sequence_of_a_batch_gives_what_it_gives_alone_and_the_parameters_get_the_sum(string lengths, string cell, PaddingForm form)
    {
        foreach (var kernel in (Kernel[])[Kernel.Fast, Kernel.Reference])
            foreach (var reverse in (bool[])[false, true])
            {
                using var scope = NewDisposeScope();
                var made = CellGradientTests.Cells[cell]();
                var parameters = RecurrentParameters.Create(made, I, "l0", Initialization.PyTorch, 11, dtype: ScalarType.Float64);
                EqualAlone(Layer(new(made, parameters, reverse) { Kernel = kernel }, lengths, form));
            }
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void Each_sequence_of_a_stack_gives_what_it_gives_alone(string lengths, bool bidirectional, PaddingForm form)
    {
        using var scope = NewDisposeScope();
        foreach (var connection in Enum.GetValues<StackConnection>())
        {
            using var rnn = RecurrentStack.Create(() => new LstmCell(4), I, 2, seed: 5, dtype: ScalarType.Float64, bidirectional: bidirectional, connection: connection);
            EqualAlone(Stack(rnn, lengths, form));
        }
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru reset before")]
    public void Packed_and_masked_give_the_same(string cell)
    {
        foreach (var lengths in Lengths.Keys)
        {
            using var scope = NewDisposeScope();
            var made = CellGradientTests.Cells[cell]();
            var layer = new RecurrentLayer(made, RecurrentParameters.Create(made, I, "l0", Initialization.PyTorch, 11, dtype: ScalarType.Float64));
            Dictionary<string, Tensor> With(PaddingForm form)
                => new LayerProblem(layer, T, B) { Options = new() { Lengths = SequenceLengths.Of(Lengths[lengths], form: form) } }.ByHand();
            Same.Within(Difference.Autograd, With(PaddingForm.Masked), With(PaddingForm.Packed));
        }
    }

    /// <summary>A batch, and how the tests run it: its parameters, and one call forward and back.</summary>
    private sealed record Batch(
        long[] Lengths, SequenceLengths Given, Tensor X, Tensor R, RecurrentState S0, RecurrentState Rs, IReadOnlyList<Parameter> Parameters,
        Func<Tensor, RecurrentState, Tensor, RecurrentState, SequenceLengths?, (Tensor Y, RecurrentState ST, Tensor Dx, RecurrentState Ds0)> Run);

    private static Batch Layer(RecurrentLayer layer, string lengths, PaddingForm form)
    {
        var p = new LayerProblem(layer, T, B);
        return new(Lengths[lengths], SequenceLengths.Of(Lengths[lengths], form: form), p.X, p.R, new([p.S0]), new([p.Rs]), [.. p.Parameters.Select(q => q.Parameter)],
            (x, s0, R, Rs, given) =>
            {
                using var tape = new Tape();
                var (y, sT) = layer.Forward(x, s0.Layers[0], tape, new() { Lengths = given });
                var (dx, ds0) = layer.Backward(tape, R, Rs.Layers[0]);
                return (y, new([sT]), dx, new([ds0]));
            });
    }

    private static Batch Stack(RecurrentStack rnn, string lengths, PaddingForm form)
    {
        var p = new StackProblem(rnn, T, B);
        return new(Lengths[lengths], SequenceLengths.Of(Lengths[lengths], form: form), p.X, p.R, p.S0, p.Rs, [.. rnn.parameters()], (x, s0, R, Rs, given) =>
        {
            using var tape = new StackTape();
            var (y, sT) = rnn.Forward(x, s0, tape, new() { Lengths = given });
            var (dx, ds0) = rnn.Backward(tape, R, Rs);
            return (y, sT, dx, ds0);
        });
    }

    private static void EqualAlone(Batch batch)
    {
        var (x, R) = (WithNaNBeyondTheEnd(batch.X, batch.Lengths), WithNaNBeyondTheEnd(batch.R, batch.Lengths));
        Gradients.Zero(batch.Parameters);
        var whole = batch.Run(x, batch.S0, R, batch.Rs, batch.Given);
        var sums = batch.Parameters.Select(p => Gradients.Of(p).clone()).ToArray();

        Gradients.Zero(batch.Parameters);
        for (var b = 0; b < batch.Lengths.Length; b++)
        {
            var (row, length) = (b, batch.Lengths[b]);
            Tensor Own(Tensor padded) => padded.narrow(0, 0, length).narrow(1, row, 1);
            Tensor Row(Tensor state) => state.narrow(0, row, 1);
            var alone = batch.Run(Own(batch.X).contiguous(), batch.S0.Map(Row), Own(batch.R).contiguous(), batch.Rs.Map(Row), null);
            Same.Within(Difference.Autograd, alone.Y, Own(whole.Y));
            Same.Within(Difference.Autograd, alone.Dx, Own(whole.Dx));
            foreach (var (expected, actual) in alone.ST.Named().Zip(whole.ST.Named()).Concat(alone.Ds0.Named().Zip(whole.Ds0.Named())))
                Same.Within(Difference.Autograd, expected.Tensor, Row(actual.Tensor));
            foreach (var padding in new[] { whole.Y, whole.Dx })
                if (length < T)
                    Assert.Equal(0, padding.narrow(0, length, T - length).narrow(1, row, 1).abs().sum().item<double>());
        }
        foreach (var (parameter, sum) in batch.Parameters.Zip(sums))
            Same.Within(Difference.Autograd, Gradients.Of(parameter), sum);
    }

    private static Tensor WithNaNBeyondTheEnd(Tensor padded, long[] lengths)
    {
        var x = padded.clone();
        for (var b = 0; b < lengths.Length; b++)
            if (lengths[b] < x.shape[0])
                x.narrow(0, lengths[b], x.shape[0] - lengths[b]).narrow(1, b, 1).fill_(double.NaN);
        return x;
    }
}
