using System.Text.Json.Serialization;

namespace RnnLab.Benchmarks.Layers;

/// <summary>
/// One cell at one shape. A ratio or speedup is the other side's time divided by ours, the median of its pairs: above 1 where ours is faster.
/// </summary>
internal sealed record LayerRow(string Cell, [property: JsonPropertyName("T")] int T, [property: JsonPropertyName("B")] int B, [property: JsonPropertyName("H")] int H)
{
    public required string Dtype { get; init; }

    public required int Threads { get; init; }

    public required double MsForward { get; init; }

    public required double MsTrain { get; init; }

    public required double MsForwardLibtorch { get; init; }

    public required double MsTrainLibtorch { get; init; }

    public double? MsForwardOnednn { get; init; }

    public double? MsTrainOnednn { get; init; }

    public double? MsForwardReference { get; init; }

    public double? MsTrainReference { get; init; }

    public required double MsForwardAutograd { get; init; }

    public required double MsTrainAutograd { get; init; }

    public required double RatioForwardLibtorch { get; init; }

    public required double RatioTrainLibtorch { get; init; }

    public double? RatioForwardOnednn { get; init; }

    public double? RatioTrainOnednn { get; init; }

    public double? SpeedupForwardReference { get; init; }

    public double? SpeedupTrainReference { get; init; }

    public required double SpeedupForwardAutograd { get; init; }

    public required double SpeedupTrainAutograd { get; init; }

    /// <summary>The ceiling of fused multiply-adds on the CPU, 10⁹ operations a second.</summary>
    public double? FmaGflops { get; init; }

    /// <summary>The large matrix product, 10⁹ operations a second.</summary>
    public double? SgemmGflops { get; init; }

    /// <summary>3 · 2·T·B·(I+H)·G·H operations of a training step over its time: the products alone, forward and backward.</summary>
    public double TrainGflops => 6.0 * T * B * 2 * H * Gates * H / MsTrain * 1e-6;

    public double? ShareOfFma => TrainGflops / FmaGflops;

    /// <summary>Of the product in the row's own dtype.</summary>
    public double? ShareOfSgemm => TrainGflops / SgemmGflops;

    private int Gates => Cell switch { "lstm" => 4, "gru" => 3, _ => 1 };
}

/// <summary>Geometric means of the rows with B > 1, of one cell or of all.</summary>
internal sealed record LayerMeans(string Cell)
{
    public double? RatioForwardLibtorch { get; init; }

    public double? RatioTrainLibtorch { get; init; }

    public double? RatioForwardOnednn { get; init; }

    public double? RatioTrainOnednn { get; init; }

    public double? SpeedupTrainReference { get; init; }

    public double? SpeedupTrainAutograd { get; init; }

    public double? ShareOfFma { get; init; }

    public double? ShareOfSgemm { get; init; }

    /// <summary>A mean for each cell in the order of the rows, then one of all where there are several; nothing where every B is 1.</summary>
    public static IReadOnlyList<LayerMeans> Of(IReadOnlyList<LayerRow> rows)
    {
        var batched = rows.Where(row => row.B > 1).ToArray();
        var means = batched.GroupBy(row => row.Cell).Select(group => Of(group.Key, [.. group])).ToList();
        if (means.Count > 1)
            means.Add(Of("all", batched));
        return means;
    }

    private static LayerMeans Of(string cell, LayerRow[] rows)
    {
        double? Mean(Func<LayerRow, double?> value) => Statistics.GeometricMean(rows.Select(value));
        return new(cell)
        {
            RatioForwardLibtorch = Mean(row => row.RatioForwardLibtorch),
            RatioTrainLibtorch = Mean(row => row.RatioTrainLibtorch),
            RatioForwardOnednn = Mean(row => row.RatioForwardOnednn),
            RatioTrainOnednn = Mean(row => row.RatioTrainOnednn),
            SpeedupTrainReference = Mean(row => row.SpeedupTrainReference),
            SpeedupTrainAutograd = Mean(row => row.SpeedupTrainAutograd),
            ShareOfFma = Mean(row => row.ShareOfFma),
            ShareOfSgemm = Mean(row => row.ShareOfSgemm),
        };
    }
}
