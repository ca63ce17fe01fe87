namespace RnnLab.Tasks;

/// <summary>How columns are scaled: x' = (x − offset) / scale, column by column.</summary>
/// <param name="Offsets">The offset of each column.</param>
/// <param name="Scales">The scale of each, not 0.</param>
internal sealed record ColumnScales(double[] Offsets, double[] Scales)
{
    /// <summary>The setting.</summary>
    public static readonly WordSetting Setting = new(
        "scaling", "what is fitted on the training part: mean and standard deviation, least and greatest, or nothing", "standard", "standard", "minmax", "none");

    /// <summary>Fits rows: to mean 0 and (population) standard deviation 1, or to [0, 1]. A constant column has scale 1.</summary>
    public static ColumnScales Fit(string scaling, IReadOnlyList<double[]> rows, int width)
    {
        (double Offset, double Scale) Of(int column)
        {
            var values = rows.Select(row => row[column]).ToArray();
            if (scaling == "none")
                return (0, 1);
            if (scaling == "minmax")
                return (values.Min(), values.Max() - values.Min());
            var mean = values.Average();
            return (mean, Math.Sqrt(values.Average(x => (x - mean) * (x - mean))));
        }
        var fitted = Enumerable.Range(0, width).Select(Of).ToArray();
        return new([.. fitted.Select(f => f.Offset)], [.. fitted.Select(f => f.Scale > 0 ? f.Scale : 1)]);
    }

    /// <summary>A row, scaled.</summary>
    public double[] Apply(double[] row) => [.. row.Select((x, i) => (x - Offsets[i]) / Scales[i])];
}
