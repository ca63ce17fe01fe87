using RnnLab.Layers;
using RnnLab.Randomness;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>Makes the parts of an encoder–decoder as its settings say.</summary>
internal sealed class EncoderDecoderBuilder(TaskShape shape, EncoderDecoderSettings settings, ulong seed, ScalarType dtype, Device device)
{
    private readonly double? _range = settings.Initialization.Range;

    public (Encoder Encoder, StateBridge? Bridge, DecoderParts Decoder) Build()
    {
        EncoderDecoderChecks.Require(shape, settings);
        var encoder = NewEncoder();
        var (context, _) = encoder.LevelWidths[^1];
        var memory = settings.Attention is null ? 0 : encoder.MemorySize;
        var embedding = settings.LaterInputs == LaterInputs.Zeros ? null : Tokens(shape.Target.Size, "decoder");
        var fixedWidth = settings.Context.EveryStep ? context : 0;
        var combines = settings.Attention is not (null or AttentionScore.Additive);
        var cell = settings.NewCell();
        var output = settings.Connection == StackConnection.Skip ? settings.DecoderLayers * cell.OutputSize : cell.OutputSize;
        var input = (embedding?.Width ?? 0) + fixedWidth + (combines ? 0 : memory) + (settings.InputFeeding ? output : 0);
        var rnn = Stack(Math.Max(input, 1), settings.DecoderLayers, bidirectional: false, "decoder");
        var readout = output + (combines ? 0 : memory);
        return (encoder, NewBridge(encoder, rnn), new(
            embedding, rnn, NewAttention(combines ? output : cell.OutputSize, memory, output),
            combines ? new Combine(memory, output, seed, _range, dtype, device) : null, NewHead(embedding, readout), fixedWidth, settings.InputFeeding));
    }

    private Encoder NewEncoder()
    {
        var tokens = shape.Input.Kind == ValueKind.Tokens ? Tokens(shape.Input.Size, "encoder") : null;
        var width = tokens?.Width ?? shape.Input.Size;
        return shape.HasSingleInput
            ? new AttributeEncoder(tokens, width)
            : new RecurrentEncoder(tokens, Stack(width, settings.EncoderLayers, settings.Bidirectional, "encoder"), settings.Attention is not null);
    }

    private StateBridge? NewBridge(Encoder encoder, RecurrentStack rnn)
        => !settings.Context.Initial ? null
            : settings.Bridge == BridgeForm.Copy ? new CopiedStates()
            : new LearnedStates(encoder.LevelWidths, rnn, SeedOf("bridge"), _range);

    private Attention? NewAttention(long query, long memory, long output)
    {
        if (settings.Attention is not { } score)
            return null;
        EncoderDecoderChecks.RequireDot(score, query, memory);
        return Attention.Create(score, query, memory, settings.AttentionSize ?? output, seed, "attention", dtype, device, _range);
    }

    private Linear NewHead(TokenInput? embedding, long readout)
    {
        if (!settings.TiedEmbeddings)
            return new(readout, shape.Target.Size, seed, range: _range, dtype: dtype, device: device);
        EncoderDecoderChecks.RequireTied(embedding!.Width, readout);
        return new(((Embedding)embedding).Weight, seed, range: _range);
    }

    private TokenInput Tokens(int size, string part)
        => settings.EmbeddingSize is { } width ? new Embedding(size, width, SeedOf(part), _range, dtype, device) : new OneHot(size, dtype);

    private RecurrentStack Stack(long input, int layers, bool bidirectional, string part)
        => RecurrentStack.Create(
            settings.NewCell, input, layers, settings.Dropout, settings.Initialization, SeedOf(part), settings.Bias, dtype, device, bidirectional,
            settings.Regularization, settings.Connection, settings.LockedDropout);

    /// <summary>A seed of a part's own: layers name their streams after themselves, and encoder and decoder have layers of the same names.</summary>
    private ulong SeedOf(string part) => (ulong)(new RandomStream(seed, $"part/{part}").Uniform(0) * (1UL << 53));
}
