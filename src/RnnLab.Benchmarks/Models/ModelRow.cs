using System.Text.Json.Serialization;

namespace RnnLab.Benchmarks.Models;

/// <summary>One character model in training. The ratio is PyTorch's time divided by ours: above 1 where ours is faster.</summary>
internal sealed record ModelRow(
    string Cell, int NumLayers, [property: JsonPropertyName("H")] int H, [property: JsonPropertyName("B")] int B, [property: JsonPropertyName("T")] int T)
{
    public required int Threads { get; init; }

    /// <summary>Characters a second, ours.</summary>
    public required double CharactersPerSecond { get; init; }

    public double? CharactersPerSecondPytorch { get; init; }

    public double? RatioModelPytorch { get; init; }
}

/// <summary>The models' ratios together.</summary>
internal sealed record ModelMeans(double? RatioModelPytorch, double? LowestRatioModelPytorch)
{
    public static ModelMeans Of(IReadOnlyList<ModelRow> rows)
        => new(Statistics.GeometricMean(rows.Select(row => row.RatioModelPytorch)), rows.Min(row => row.RatioModelPytorch));
}
