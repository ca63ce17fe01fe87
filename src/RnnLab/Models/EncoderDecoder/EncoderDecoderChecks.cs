using RnnLab.Layers;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>What of an encoder–decoder's settings does not go together. Each message begins with the setting's name.</summary>
internal static class EncoderDecoderChecks
{
    /// <exception cref="ArgumentException">Settings that do not go together, or that do not suit the shape.</exception>
    public static void Require(TaskShape shape, EncoderDecoderSettings settings)
    {
        if (shape.Place != TargetPlace.OwnSteps || shape.Target.Kind != ValueKind.Tokens)
            throw new ArgumentException("an encoder-decoder is for targets that are sequences of tokens of their own", nameof(shape));
        if (shape.Target.Size < 2)
            throw new ArgumentException($"the target has {shape.Target.Size} tokens, expected the begin and end marks at least", nameof(shape));
        foreach (var problem in Sizes(settings).Concat(OfInput(shape, settings)).Concat(OfContext(settings)).Concat(OfTying(settings)))
            throw new ArgumentException(problem, nameof(settings));
    }

    /// <exception cref="ArgumentException">The attention cannot compare vectors of these widths.</exception>
    public static void RequireDot(AttentionScore score, long query, long memory)
    {
        if (score == AttentionScore.Dot && query != memory)
            throw new ArgumentException(
                $"attention: luong_dot needs an encoder's output as wide as the decoder's, not {memory} and {query}; expected luong_general, luong_concat or bahdanau");
    }

    /// <exception cref="ArgumentException">The head's weight cannot be the embedding's.</exception>
    public static void RequireTied(long embedding, long readout)
    {
        if (embedding != readout)
            throw new ArgumentException($"tied_embeddings: the head sees {readout} numbers, embedding_size is {embedding}; expected embedding_size: {readout}");
    }

    private static IEnumerable<string> Sizes(EncoderDecoderSettings settings)
    {
        if (settings.EncoderLayers < 1)
            yield return $"encoder_layers: {settings.EncoderLayers}, expected at least 1";
        if (settings.DecoderLayers < 1)
            yield return $"decoder_layers: {settings.DecoderLayers}, expected at least 1";
        if (settings.EmbeddingSize < 1)
            yield return $"embedding_size: {settings.EmbeddingSize}, expected at least 1";
        if (settings.MaxLength < 1)
            yield return $"max_length: {settings.MaxLength}, expected at least 1";
        if (settings.AttentionSize is not null && settings.Attention is not (AttentionScore.Additive or AttentionScore.Concat))
            yield return "attention_size: only attention: bahdanau and luong_concat have one; expected none";
        else if (settings.AttentionSize < 1)
            yield return $"attention_size: {settings.AttentionSize}, expected at least 1";
    }

    private static IEnumerable<string> OfInput(TaskShape shape, EncoderDecoderSettings settings)
    {
        if (shape.HasSingleInput && settings.Attention is not null)
            yield return "attention: the task's input is one vector, among which there is nothing to choose; expected none";
        if (shape.HasSingleInput && settings.Bidirectional)
            yield return "bidirectional: the task's input is one vector, which is not read in any direction; expected false";
        if (!settings.Context.Initial || settings.Bridge != BridgeForm.Copy)
            yield break;
        if (shape.HasSingleInput)
            yield return "bridge: the task's input is one vector and no state that could be copied; expected learned";
        if (settings.Bidirectional)
            yield return "bridge: copy takes the state of one direction, and the encoder is bidirectional; expected learned";
        if (settings.EncoderLayers != settings.DecoderLayers)
            yield return $"bridge: copy goes layer by layer, from {settings.EncoderLayers} to {settings.DecoderLayers}; "
                + "expected learned, or as many encoder_layers as decoder_layers";
    }

    private static IEnumerable<string> OfContext(EncoderDecoderSettings settings)
    {
        if (settings.Context.EveryStep && settings.Attention is not null)
            yield return "context: with attention each step has a context of its own; expected no every_step";
        if (!settings.Context.Initial && !settings.Context.EveryStep && settings.Attention is null)
            yield return "context: the decoder would know nothing of the input; expected initial, every_step or both";
        if (settings.InputFeeding && settings.Attention is (null or AttentionScore.Additive))
            yield return "input_feeding: expected attention: luong_dot, luong_general or luong_concat, whose h~ it feeds";
    }

    private static IEnumerable<string> OfTying(EncoderDecoderSettings settings)
    {
        if (settings.TiedEmbeddings && settings.EmbeddingSize is null)
            yield return "tied_embeddings: there is no embedding; expected an embedding_size";
        if (settings.TiedEmbeddings && settings.LaterInputs == LaterInputs.Zeros)
            yield return "tied_embeddings: with later_inputs: zeros no target token is embedded; expected later_inputs: tokens";
    }
}
