using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Models;

/// <summary>Reads sequences of tokens or of vectors by a stack of recurrent layers, in one direction or both. Padding is left out, and its outputs are 0.</summary>
internal sealed class RecurrentEncoder : Encoder
{
    private readonly bool _attended;

    /// <param name="input">Tokens to vectors, or null where the inputs are vectors.</param>
    /// <param name="rnn">The recurrence.</param>
    /// <param name="attended">Whether the outputs are kept as a memory.</param>
    public RecurrentEncoder(TokenInput? input, RecurrentStack rnn, bool attended)
    {
        (Input, Rnn, _attended) = (input, rnn, attended);
        if (input is not null)
            register_module(input.GetName(), input);
        register_module("rnn", rnn);
    }

    public TokenInput? Input { get; }

    public RecurrentStack Rnn { get; }

    public override IReadOnlyList<(long H, long C)> LevelWidths => [.. Enumerable.Range(0, Rnn.Levels).Select(k =>
    {
        var cell = Rnn.Layers[k * Rnn.Directions].Cell;
        return (Rnn.Directions * cell.OutputSize, cell.HasCellState ? Rnn.Directions * cell.HiddenSize : 0);
    })];

    public override long MemorySize => Rnn.OutputSize;

    public override EncoderPass Forward(Tensor inputs, SequenceLengths? lengths, bool record, long firstStep)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var x = Input is null ? inputs : Input.Forward(inputs);
        var tape = record ? new StackTape() : null;
        var (y, s) = Rnn.Forward(x, Rnn.ZeroState(x.shape[1]), tape, new SequenceOptions { Lengths = lengths, FirstStep = firstStep });
        var mask = _attended && lengths is not null ? lengths.Mask(x.shape[0], ScalarType.Bool, x.device).squeeze(2).DetachFromDisposeScope() : null;
        var encoding = new Encoding(
            _attended ? y.DetachFromDisposeScope() : null, mask,
            [.. Enumerable.Range(0, Rnn.Levels).Select(k => Joined(s, k).Map(own => own.alias().DetachFromDisposeScope()))]);
        return new Pass(this, encoding, inputs, y.shape, tape);
    }

    private CellState Joined(RecurrentState s, int level)
    {
        if (Rnn.Directions == 1)
            return s.Layers[level];
        var (forward, reverse) = (s.Layers[2 * level], s.Layers[2 * level + 1]);
        return new(cat([forward.H, reverse.H], 1), forward.C is null ? null : cat([forward.C, reverse.C!], 1));
    }

    private sealed class Pass(RecurrentEncoder encoder, Encoding encoding, Tensor inputs, long[] outputShape, StackTape? tape) : EncoderPass(encoding)
    {
        private readonly Tensor _inputs = inputs.alias().DetachFromDisposeScope();

        public override void Backward(Tensor? dMemory, IReadOnlyList<CellState> dLevels)
        {
            using var no_grad = torch.no_grad();
            using var scope = NewDisposeScope();
            var (rnn, input) = (encoder.Rnn, encoder.Input);
            var like = dLevels[0].H;
            var dOutput = dMemory ?? zeros(outputShape, like.dtype, like.device);
            var layers = dLevels.SelectMany(level => Enumerable.Range(0, rnn.Directions).Select(d => level.Map(own => Part(own, d, rnn.Directions))));
            var dsT = new RecurrentState([.. layers]);
            if (input is { HasParameters: true })
                input.Backward(_inputs, rnn.Backward(tape!, dOutput, dsT).Dx);
            else
                rnn.BackwardToParameters(tape!, dOutput, dsT);
        }

        public override void Dispose()
        {
            base.Dispose();
            tape?.Dispose();
            _inputs.Dispose();
        }

        private static Tensor Part(Tensor joined, int direction, int directions)
        {
            var width = joined.shape[1] / directions;
            return joined.narrow(1, direction * width, width).contiguous();
        }
    }
}
