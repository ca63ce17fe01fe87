using RnnLab.Cells;
using RnnLab.Experiments.Configuration;
using RnnLab.Models;
using RnnLab.Recurrence;

namespace RnnLab.Experiments;

/// <summary>A model with a target at each step, or one for the whole sequence.</summary>
/// <param name="Name">recurrent, memoryless, window or untied_rnn.</param>
/// <param name="Recurrence">The recurrence; null for the others.</param>
/// <param name="EmbeddingSize">Width of the embedding of token inputs; null for one-hot input.</param>
/// <param name="Bidirectional">Whether the recurrence has a second direction.</param>
/// <param name="Readout">What a target for the whole is told from, the last state unless given; null where every step has its own.</param>
/// <param name="HiddenSize">Units of a layer.</param>
/// <param name="NumLayers">Layers; 1 for untied_rnn.</param>
/// <param name="Nonlinearity">Of a model without cells.</param>
/// <param name="WindowSize">τ of a window; null for the others.</param>
/// <param name="MaxLength">Steps that an untied_rnn has weights for; null for the others.</param>
public sealed record SequenceModelConfig(
    string Name, RecurrenceConfig? Recurrence, int? EmbeddingSize, bool Bidirectional, SequenceReadout? Readout, int HiddenSize, int NumLayers, Nonlinearity Nonlinearity,
    int? WindowSize, int? MaxLength) : ModelConfig(Name)
{
    internal const string Recurrent = "recurrent", Untied = "untied_rnn";
    private const string Memoryless = "memoryless", Window = "window";

    internal static readonly string[] Names = [Recurrent, Memoryless, Window, Untied];

    /// <inheritdoc/>
    public override RecurrenceConfig? Recurrence { get; } = Recurrence;

    /// <inheritdoc/>
    public override string Description
        => Recurrence is { } r
            ? $"{(Bidirectional ? "bidirectional " : "")}{r.Cell} {r.NumLayers} × {r.HiddenSize}"
            : $"{Name}{(Name == Window ? $" of {WindowSize}" : "")} {NumLayers} × {HiddenSize}";

    /// <summary>What the model is built of.</summary>
    internal SequenceModelSettings Settings(TapeMemory tapeMemory)
    {
        var common = new SequenceModelSettings { EmbeddingSize = EmbeddingSize, Readout = Readout, Layers = NumLayers };
        return Recurrence is { } r
            ? common with
            {
                Kind = SequenceModelKind.Recurrent,
                NewCell = r.NewCell,
                Bidirectional = Bidirectional,
                Bias = r.Bias,
                Initialization = r.Initialization,
                Dropout = r.Stack.Dropout,
                LockedDropout = r.Stack.LockedDropout,
                Regularization = r.Stack.Regularization,
                Connection = r.Stack.Connection,
                TapeMemory = tapeMemory,
            }
            : common with
            {
                Kind = Name == Window ? SequenceModelKind.Window : Name == Untied ? SequenceModelKind.Untied : SequenceModelKind.Memoryless,
                HiddenSize = HiddenSize,
                Nonlinearity = Nonlinearity,
                WindowSize = WindowSize,
                UntiedSteps = MaxLength,
            };
    }

    internal static SequenceModelConfig Read(ConfigSection section, string name)
    {
        var recurrence = name == Recurrent ? RecurrenceConfig.Read(section) : null;
        var embedding = InputConfig.Read(section, "one_hot");
        return new(
            name, recurrence, embedding,
            name == Recurrent && section.Flag("bidirectional", false),
            section.OptionalText("readout") is null ? null : Enum.Parse<SequenceReadout>(section.RequiredChoice("readout", "last", "mean", "max"), ignoreCase: true),
            recurrence?.HiddenSize ?? section.Integer("hidden_size", 128, min: 1, max: 65536),
            recurrence?.NumLayers ?? (name == Untied ? 1 : section.Integer("num_layers", 1, min: 1, max: 1024)),
            recurrence is null && section.Choice("nonlinearity", "tanh", "tanh", "relu") == "relu" ? Nonlinearity.Relu : Nonlinearity.Tanh,
            name == Window ? section.Integer("window_size", 8, min: 1, max: 100_000) : null,
            name == Untied ? section.RequiredInteger("max_length", min: 1, max: 100_000) : null);
    }

    internal override ConfigTree ToTree()
    {
        var tree = new ConfigTree { { "name", Name } };
        if (Recurrence is not null)
        {
            Recurrence.AddTo(tree);
            tree.Add("bidirectional", Bidirectional);
        }
        else
        {
            tree.Add("hidden_size", HiddenSize);
            if (Name != Untied)
                tree.Add("num_layers", NumLayers);
            tree.Add("nonlinearity", Nonlinearity.ToString().ToLowerInvariant());
        }
        if (Name == Window)
            tree.Add("window_size", WindowSize);
        if (Name == Untied)
            tree.Add("max_length", MaxLength);
        InputConfig.AddTo(tree, EmbeddingSize);
        tree.Add("readout", Readout?.ToString().ToLowerInvariant());
        if (Recurrence is not null)
            tree.Add("init", Recurrence.InitializationTree());
        return tree;
    }
}
