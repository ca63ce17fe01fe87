namespace RnnLab.Plots;

/// <summary>One bar for each category. A NaN is no bar.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Values">The heights, one for each category; negative ones hang below zero.</param>
/// <param name="Errors">Half the lengths of the error bars, as many; none where null, NaN or zero.</param>
public sealed record BarSeries(string Name, IReadOnlyList<double> Values, IReadOnlyList<double>? Errors = null);

/// <summary>Bars in groups, one group for each category, one bar in it for each series.</summary>
public sealed record BarChart : Chart
{
    /// <summary>The categories along the horizontal axis.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The series, in the order of the palette's colours.</summary>
    public IReadOnlyList<BarSeries> Series { get; init; } = [];

    private protected override string DefaultTitle => "Bar chart";

    private protected override void Draw(SvgWriter svg)
    {
        foreach (var series in Series)
        {
            if (series.Values.Count != Categories.Count || (series.Errors is { } errors && errors.Count != Categories.Count))
            {
                throw new ArgumentException(
                    $"{series.Name}: {Categories.Count} categories, {series.Values.Count} values, {series.Errors?.Count ?? 0} errors");
            }
        }
        var bars = Series.SelectMany(series => series.Values.Select((value, index) => (Value: value, Error: ErrorOf(series, index))))
            .Where(bar => double.IsFinite(bar.Value)).ToArray();
        double[] ends = [.. bars.Select(bar => Finite(bar.Value - bar.Error)), .. bars.Select(bar => Finite(bar.Value + bar.Error))];
        // Zero belongs to the axis; the margin goes to the ends that bars reach.
        var axis = Axis.Of(bars.Length == 0 ? [] : [0, .. ends.Select(end => Finite(end * 1.05))], logarithmic: false, margin: 0);

        var legend = Series.Select((series, index) => (series.Name, Palette.Series(index)));
        var top = 6 + Frame.Head(svg, this, PixelWidth, Series.Count > 1 ? [.. legend] : []);
        // A first estimate of the slots' width decides whether the labels must be turned, which decides the height.
        var labels = new CategoryLabels(Categories, PixelWidth - 80);
        var height = Math.Max(20, PixelHeight - top - labels.Height - (XLabel.Length > 0 ? Frame.LabelHeight : 0) - 4);
        var ticks = axis.Ticks((int)Math.Max(2, height / 36));
        var tickLabels = Ticks.Labels(ticks, logarithmic: false);
        var left = Frame.LeftMargin(this, tickLabels);
        var area = new Area(left, top, Math.Max(20, PixelWidth - left - 16), height);

        Frame.HorizontalGrid(svg, area, axis, ticks, tickLabels);
        DrawBars(svg, area, axis);
        svg.Line(area.Left, area.Top, area.Left, area.Bottom, Palette.Ink);
        var zero = Y(area, axis, 0);
        svg.Line(area.Left, zero, area.Right, zero, Palette.Ink);
        labels.DrawBelow(svg, area);
        Frame.AxisLabels(svg, this, area, labels.Height);
        if (bars.Length == 0)
        {
            Frame.NoData(svg, area);
        }
    }

    private void DrawBars(SvgWriter svg, Area area, Axis axis)
    {
        var slot = area.Width / Math.Max(1, Categories.Count);
        var width = 0.8 * slot / Math.Max(1, Series.Count);
        for (var series = 0; series < Series.Count; series++)
        {
            for (var category = 0; category < Categories.Count; category++)
            {
                var value = Series[series].Values[category];
                if (!double.IsFinite(value))
                {
                    continue;
                }
                var x = area.Left + ((category + 0.1) * slot) + (series * width);
                double y = Y(area, axis, value), zero = Y(area, axis, 0);
                svg.Rectangle(x + (0.04 * width), Math.Min(y, zero), 0.92 * width, Math.Abs(y - zero), Palette.Series(series));
                var error = ErrorOf(Series[series], category);
                if (error > 0)
                {
                    double low = Y(area, axis, Finite(value - error)), high = Y(area, axis, Finite(value + error));
                    DrawError(svg, x + (width / 2), Math.Min(5, width / 4), low, high);
                }
            }
        }
    }

    private static void DrawError(SvgWriter svg, double x, double half, double low, double high)
    {
        // Dark on a light rim, to be seen on any bar and any page.
        foreach (var (colour, width) in (ReadOnlySpan<(string, double)>)[("#FFFFFF", 3.5), ("#333333", 1.5)])
        {
            svg.Line(x, low, x, high, colour, width);
            svg.Line(x - half, low, x + half, low, colour, width);
            svg.Line(x - half, high, x + half, high, colour, width);
        }
    }

    private static double Finite(double value) => Math.Clamp(value, -double.MaxValue, double.MaxValue);

    private static double ErrorOf(BarSeries series, int index) =>
        series.Errors?[index] is { } error && double.IsFinite(error) ? Math.Abs(error) : 0;

    private static double Y(Area area, Axis axis, double value) => area.Bottom - (axis.Place(value) * area.Height);
}
