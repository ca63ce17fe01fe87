using RnnLab.Experiments.Configuration;
using RnnLab.Recurrence;

namespace RnnLab.Experiments;

/// <summary>A language model.</summary>
/// <param name="Recurrence">The recurrence.</param>
/// <param name="EmbeddingSize">Width of the embedding; null for one-hot input.</param>
public sealed record LanguageModelConfig(RecurrenceConfig Recurrence, int? EmbeddingSize) : ModelConfig(ModelName)
{
    internal const string ModelName = "language_model";

    private const string NotBidirectional
        = "a language model cannot be bidirectional: the reverse direction would see the very token that is to be predicted, and "
        + "p(x_1 .. x_T) would not be a product of conditionals; expected false";

    /// <inheritdoc/>
    public override RecurrenceConfig Recurrence { get; } = Recurrence;

    /// <inheritdoc/>
    public override string Description => $"{Recurrence.Cell} {Recurrence.NumLayers} × {Recurrence.HiddenSize}";

    /// <summary>The width of the input of layer <paramref name="k"/>.</summary>
    /// <param name="k">The layer, from 0.</param>
    /// <param name="vocabularySize">V.</param>
    internal long InputSize(int k, long vocabularySize)
    {
        var x = EmbeddingSize ?? vocabularySize;
        var below = Recurrence.NewCell().OutputSize;
        return k == 0 ? x : Recurrence.Stack.Connection == StackConnection.Skip ? below + x : below;
    }

    /// <summary>The width of the stack's output.</summary>
    internal long OutputSize => Recurrence.NewCell().OutputSize * (Recurrence.Stack.Connection == StackConnection.Skip ? Recurrence.NumLayers : 1);

    internal static LanguageModelConfig Read(ConfigSection section)
    {
        if (section.Flag("bidirectional", false))
            throw section.Error("bidirectional", NotBidirectional);
        return new(RecurrenceConfig.Read(section), InputConfig.Read(section));
    }

    internal override ConfigTree ToTree()
    {
        var tree = new ConfigTree { { "name", Name } };
        Recurrence.AddTo(tree);
        InputConfig.AddTo(tree, EmbeddingSize);
        tree.Add("init", Recurrence.InitializationTree());
        return tree;
    }
}
