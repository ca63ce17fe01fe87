using RnnLab.Experiments.Configuration;

namespace RnnLab.Experiments;

/// <summary>How tokens become vectors: an embedding, or one-hot.</summary>
internal static class InputConfig
{
    /// <summary>The width of the embedding, or null for one-hot input.</summary>
    public static int? Read(ConfigSection section, string @default = "embedding")
        => section.Choice("input", @default, "embedding", "one_hot") == "one_hot" ? null : section.Integer("embedding_size", 64, min: 1, max: 65536);

    public static void AddTo(ConfigTree tree, int? embeddingSize)
    {
        tree.Add("input", embeddingSize is null ? "one_hot" : "embedding");
        if (embeddingSize is not null)
            tree.Add("embedding_size", embeddingSize);
    }
}
