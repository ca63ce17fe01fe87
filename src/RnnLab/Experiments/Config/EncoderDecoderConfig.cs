using RnnLab.Experiments.Configuration;
using RnnLab.Layers;
using RnnLab.Models;

namespace RnnLab.Experiments;

/// <summary>An encoder and a decoder, for targets that are sequences of their own; without an encoder's recurrence where the input is a vector (one-to-many).</summary>
/// <param name="Recurrence">Cell, size and masks of both; its num_layers is the decoder's.</param>
/// <param name="EncoderLayers">Layers of the encoder.</param>
/// <param name="Bidirectional">Whether the encoder has a second direction.</param>
/// <param name="EmbeddingSize">Width of both embeddings; null for one-hot input.</param>
/// <param name="Attention">The score of the attention; null for a context that does not change.</param>
/// <param name="AttentionSize">Units of an additive or concat score.</param>
/// <param name="InputFeeding">Whether a Luong decoder is fed its last attentional vector.</param>
/// <param name="Context">Where the encoder's last state goes without attention.</param>
/// <param name="Bridge">How the encoder's last states become the decoder's first.</param>
/// <param name="TiedEmbeddings">Whether the output layer's weight is the target embedding.</param>
/// <param name="LaterInputs">What later steps are fed.</param>
/// <param name="MaxLength">The most tokens that it says by itself; null for twice the longest target and ten.</param>
public sealed record EncoderDecoderConfig(
    RecurrenceConfig Recurrence, int EncoderLayers, bool Bidirectional, int? EmbeddingSize, AttentionScore? Attention, int AttentionSize, bool InputFeeding,
    DecoderContext Context, BridgeForm Bridge, bool TiedEmbeddings, LaterInputs LaterInputs, int? MaxLength) : ModelConfig(ModelName)
{
    internal const string ModelName = "encoder_decoder";

    private static readonly Dictionary<string, AttentionScore?> Scores = new()
    {
        ["none"] = null,
        ["bahdanau"] = AttentionScore.Additive,
        ["luong_dot"] = AttentionScore.Dot,
        ["luong_general"] = AttentionScore.General,
        ["luong_concat"] = AttentionScore.Concat,
    };

    /// <inheritdoc/>
    public override RecurrenceConfig Recurrence { get; } = Recurrence;

    /// <inheritdoc/>
    public override string Description
        => $"encoder-decoder, {(Bidirectional ? "bidirectional " : "")}{Recurrence.Cell} {EncoderLayers} + {Recurrence.NumLayers} × {Recurrence.HiddenSize}, attention {AttentionWord}";

    private static readonly Dictionary<string, DecoderContext> Contexts = new()
    {
        ["initial"] = new(),
        ["every_step"] = new(Initial: true, EveryStep: true),
        ["every_step_only"] = new(Initial: false, EveryStep: true),
    };

    private string AttentionWord => Scores.First(p => p.Value == Attention).Key;

    /// <summary>What the model is built of.</summary>
    internal EncoderDecoderSettings Settings() => new()
    {
        NewCell = Recurrence.NewCell,
        EncoderLayers = EncoderLayers,
        DecoderLayers = Recurrence.NumLayers,
        Bidirectional = Bidirectional,
        EmbeddingSize = EmbeddingSize,
        Context = Context,
        Attention = Attention,
        AttentionSize = Attention is AttentionScore.Additive or AttentionScore.Concat ? AttentionSize : null,
        InputFeeding = InputFeeding,
        Bridge = Bridge,
        TiedEmbeddings = TiedEmbeddings,
        LaterInputs = LaterInputs,
        Initialization = Recurrence.Initialization,
        Bias = Recurrence.Bias,
        Dropout = Recurrence.Stack.Dropout,
        LockedDropout = Recurrence.Stack.LockedDropout,
        Regularization = Recurrence.Stack.Regularization,
        Connection = Recurrence.Stack.Connection,
        MaxLength = MaxLength,
    };

    internal static EncoderDecoderConfig Read(ConfigSection section)
    {
        var recurrence = RecurrenceConfig.Read(section);
        var attention = Scores[section.Choice("attention", "bahdanau", [.. Scores.Keys])];
        if (attention is not null && section.Keys.Contains("context"))
            throw section.Error("context", "only with attention: none; with attention the context is that of each step");
        if (attention is not (AttentionScore.Additive or AttentionScore.Concat) && section.Keys.Contains("attention_size"))
            throw section.Error("attention_size", "only with attention: bahdanau or luong_concat, which have a layer of their own");
        return new(
            recurrence,
            section.Integer("encoder_layers", recurrence.NumLayers, min: 1, max: 1024),
            section.Flag("bidirectional", false),
            InputConfig.Read(section),
            attention,
            section.Integer("attention_size", recurrence.HiddenSize, min: 1, max: 65536),
            section.Flag("input_feeding", false),
            attention is null ? Contexts[section.Choice("context", "initial", [.. Contexts.Keys])] : new(),
            section.Choice("bridge", "learned", "learned", "copy") == "copy" ? BridgeForm.Copy : BridgeForm.Learned,
            section.Flag("tied_embeddings", false),
            section.Choice("later_inputs", "tokens", "tokens", "zeros") == "zeros" ? LaterInputs.Zeros : LaterInputs.Tokens,
            section.OptionalInteger("max_length", min: 1, max: 1_000_000));
    }

    internal override ConfigTree ToTree()
    {
        var tree = new ConfigTree { { "name", Name } };
        Recurrence.AddTo(tree);
        tree.Add("encoder_layers", EncoderLayers);
        tree.Add("bidirectional", Bidirectional);
        InputConfig.AddTo(tree, EmbeddingSize);
        tree.Add("attention", AttentionWord);
        if (Attention is null)
            tree.Add("context", Contexts.First(p => p.Value == Context).Key);
        if (Attention is AttentionScore.Additive or AttentionScore.Concat)
            tree.Add("attention_size", AttentionSize);
        tree.Add("input_feeding", InputFeeding);
        tree.Add("bridge", Bridge == BridgeForm.Copy ? "copy" : "learned");
        tree.Add("tied_embeddings", TiedEmbeddings);
        tree.Add("later_inputs", LaterInputs == LaterInputs.Zeros ? "zeros" : "tokens");
        tree.Add("max_length", MaxLength);
        tree.Add("init", Recurrence.InitializationTree());
        return tree;
    }
}
