using System.Text.Json.Serialization;

namespace RnnLab.Benchmarks.Modules;

/// <summary>A plain TorchSharp training loop with TorchSharp's recurrent module and with RnnLab's in its place.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="NumLayers">Levels.</param>
/// <param name="Bidirectional">Whether each has both directions.</param>
/// <param name="T">Steps.</param>
/// <param name="B">Batch.</param>
/// <param name="H">Units.</param>
internal sealed record ModuleRow(
    string Cell, int NumLayers, bool Bidirectional, [property: JsonPropertyName("T")] int T, [property: JsonPropertyName("B")] int B, [property: JsonPropertyName("H")] int H)
{
    /// <summary>Median time of a training step with RnnLab's module.</summary>
    public required double MsStep { get; init; }

    /// <summary>Median time of a training step with TorchSharp's module.</summary>
    public required double MsStepTorchsharp { get; init; }

    /// <summary>Median over the pairs of TorchSharp's time divided by ours: above 1 where ours is faster.</summary>
    public required double RatioStepTorchsharp { get; init; }

    /// <summary>max|a − b| / max|b| over the losses of both loops' first steps, from the same weights.</summary>
    public required double LossDifference { get; init; }
}

/// <summary>The rows' ratios together.</summary>
internal sealed record ModuleMeans(double? RatioStepTorchsharp, double LowestRatioStepTorchsharp)
{
    public static ModuleMeans Of(IReadOnlyList<ModuleRow> rows)
        => new(Statistics.GeometricMean(rows.Select(row => (double?)row.RatioStepTorchsharp)), rows.Min(row => row.RatioStepTorchsharp));
}
