using RnnLab.Plots;

namespace RnnLab.Experiments.Runs;

/// <summary>The curves of a run's metrics.</summary>
internal static class RunCharts
{
    public static IEnumerable<Chart> Of(IReadOnlyList<MetricsRow> rows, ReportExtras extras)
    {
        double[] steps = [.. rows.Select(row => (double)row.Step)];
        // The validation points are joined across the rows that have none.
        MetricsRow[] validated = [.. rows.Where(row => row.ValLoss is not null)];
        var training = new LineSeries("training", steps, [.. rows.Select(row => row.TrainLoss)]);
        var validation = new LineSeries(
            "validation", [.. validated.Select(row => (double)row.Step)], [.. validated.Select(row => row.ValLoss!.Value)]);

        yield return new LineChart
        {
            Title = "Loss",
            XLabel = "step",
            YLabel = extras.LossUnit,
            Series = validated.Length == 0 ? [training] : [training, validation],
            References = [.. extras.References.Select(reference => new ReferenceLine(reference.Label, reference.Loss))],
        };
        foreach (var name in rows.SelectMany(row => row.Measures?.Keys ?? []).Distinct().Order(StringComparer.Ordinal))
        {
            MetricsRow[] measured = [.. rows.Where(row => row.Measures?.ContainsKey(name) == true)];
            if (measured.Length > 1)
                yield return Small(name, [.. measured.Select(row => (double)row.Step)], measured.Select(row => row.Measures![name]), logarithmic: false);
        }
        if (rows.Any(row => row.Forcing is not null))
            yield return Small("Probability of feeding the truth", [.. rows.Where(row => row.Forcing is not null).Select(row => (double)row.Step)], rows.Select(row => row.Forcing).OfType<double>(), logarithmic: false);
        yield return Small("Learning rate", steps, rows.Select(row => row.LearningRate), logarithmic: false);
        yield return Small("Gradient norm before clipping", steps, rows.Select(row => row.GradNorm), IsWide(rows.Select(row => row.GradNorm)));
    }

    private static LineChart Small(string title, double[] steps, IEnumerable<double> values, bool logarithmic) => new()
    {
        Title = title,
        XLabel = "step",
        Height = 240,
        LogY = logarithmic,
        Series = [new LineSeries(title, steps, [.. values])],
    };

    private static bool IsWide(IEnumerable<double> values)
    {
        double[] positive = [.. values.Where(value => value > 0)];
        return positive.Length > 0 && positive.Max() > 30 * positive.Min();
    }
}
