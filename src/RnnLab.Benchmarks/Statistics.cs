namespace RnnLab.Benchmarks;

/// <summary>What is made of repeated measurements.</summary>
internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length == 0 ? throw new ArgumentException("the median of nothing", nameof(values))
            : sorted.Length % 2 == 1 ? sorted[middle]
            : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>exp of the mean logarithm of the values that are there; null where none is.</summary>
    public static double? GeometricMean(IEnumerable<double?> values)
    {
        var logarithms = values.OfType<double>().Select(value => Math.Log(value)).ToArray();
        return logarithms.Length == 0 ? null : Math.Exp(logarithms.Average());
    }
}
