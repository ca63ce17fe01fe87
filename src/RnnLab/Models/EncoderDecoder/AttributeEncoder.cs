using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Models;

/// <summary>An input that is one vector, or one token: it is what the decoder is told, and nothing is read in steps (one-to-many).</summary>
internal sealed class AttributeEncoder : Encoder
{
    /// <param name="input">The token to a vector, or null where the input is a vector.</param>
    /// <param name="width">The vector's.</param>
    public AttributeEncoder(TokenInput? input, long width)
    {
        (Input, LevelWidths) = (input, [(width, 0)]);
        if (input is not null)
            register_module(input.GetName(), input);
    }

    public TokenInput? Input { get; }

    public override IReadOnlyList<(long H, long C)> LevelWidths { get; }

    public override long MemorySize => 0;

    /// <exception cref="ArgumentException">There are more steps than one.</exception>
    public override EncoderPass Forward(Tensor inputs, SequenceLengths? lengths, bool record, long firstStep)
    {
        if (inputs.shape[0] != 1)
            throw new ArgumentException($"the input has {inputs.shape[0]} steps, the model is for one vector", nameof(inputs));
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var vector = (Input is null ? inputs : Input.Forward(inputs)).select(0, 0).DetachFromDisposeScope();
        return new Pass(Input, new Encoding(null, null, [new CellState(vector)]), inputs);
    }

    private sealed class Pass(TokenInput? input, Encoding encoding, Tensor inputs) : EncoderPass(encoding)
    {
        private readonly Tensor _inputs = inputs.alias().DetachFromDisposeScope();

        public override void Backward(Tensor? dMemory, IReadOnlyList<CellState> dLevels)
        {
            using var scope = NewDisposeScope();
            input?.Backward(_inputs, dLevels[0].H.unsqueeze(0));
        }

        public override void Dispose()
        {
            base.Dispose();
            _inputs.Dispose();
        }
    }
}
