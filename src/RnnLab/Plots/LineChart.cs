namespace RnnLab.Plots;

/// <summary>
/// A curve: points in the order in which they are joined. A NaN, an infinity, or on a logarithmic axis zero or less, is a gap.
/// </summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="X">The horizontal coordinates.</param>
/// <param name="Y">The vertical ones, as many.</param>
public sealed record LineSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);

/// <summary>A dashed level across the chart, such as a baseline's loss.</summary>
/// <param name="Label">What stands at its right end.</param>
/// <param name="Y">The level; it is left out where it has no place on the axis.</param>
public sealed record ReferenceLine(string Label, double Y);

/// <summary>Curves over a common horizontal axis.</summary>
public sealed record LineChart : Chart
{
    /// <summary>The curves, in the order of the palette's colours.</summary>
    public IReadOnlyList<LineSeries> Series { get; init; } = [];

    /// <summary>Levels to compare the curves with.</summary>
    public IReadOnlyList<ReferenceLine> References { get; init; } = [];

    /// <summary>Whether the horizontal axis is logarithmic.</summary>
    public bool LogX { get; init; }

    /// <summary>Whether the vertical axis is logarithmic.</summary>
    public bool LogY { get; init; }

    private protected override string DefaultTitle => "Line chart";

    private protected override void Draw(SvgWriter svg)
    {
        foreach (var series in Series.Where(series => series.X.Count != series.Y.Count))
        {
            throw new ArgumentException($"{series.Name}: {series.X.Count} horizontal but {series.Y.Count} vertical coordinates");
        }
        var points = Series.SelectMany(series => series.X.Zip(series.Y)).Where(HasPlace).ToArray();
        var references = References.Where(reference => Axis.Accepts(reference.Y, LogY)).ToArray();
        var xAxis = Axis.Of(points.Select(point => point.First), LogX, margin: 0);
        var yAxis = Axis.Of(points.Select(point => point.Second).Concat(references.Select(reference => reference.Y)), LogY, margin: 0.05);

        var hasLegend = Series.Count > 1 || (references.Length > 0 && Series.Count > 0);
        var legend = Series.Select((series, index) => (series.Name, Palette.Series(index)));
        var top = 6 + Frame.Head(svg, this, PixelWidth, hasLegend ? [.. legend] : []);
        var height = Math.Max(20, PixelHeight - top - Frame.TickHeight - (XLabel.Length > 0 ? Frame.LabelHeight : 0) - 4);
        var yTicks = yAxis.Ticks((int)Math.Max(2, height / 36));
        var yLabels = Ticks.Labels(yTicks, LogY);
        var left = Frame.LeftMargin(this, yLabels);
        var widest = TextMeasure.Widest(references.Select(reference => reference.Label), 11);
        var right = references.Length == 0 ? 20 : Math.Min(LabelWidth, widest) + 14;
        var area = new Area(left, top, Math.Max(20, PixelWidth - left - right), height);
        var xTicks = xAxis.Ticks((int)Math.Max(2, area.Width / 90));

        Frame.HorizontalGrid(svg, area, yAxis, yTicks, yLabels);
        Frame.VerticalGrid(svg, area, xAxis, xTicks, Ticks.Labels(xTicks, LogX));
        Frame.Edges(svg, area);
        Frame.AxisLabels(svg, this, area, Frame.TickHeight);
        if (points.Length == 0)
        {
            Frame.NoData(svg, area);
        }
        DrawReferences(svg, area, yAxis, references);
        for (var index = 0; index < Series.Count; index++)
        {
            DrawSeries(svg, area, xAxis, yAxis, Series[index], Palette.Series(index));
        }
    }

    private double LabelWidth => Math.Min(160, 0.3 * PixelWidth);

    private bool HasPlace((double X, double Y) point) => Axis.Accepts(point.X, LogX) && Axis.Accepts(point.Y, LogY);

    private void DrawSeries(SvgWriter svg, Area area, Axis xAxis, Axis yAxis, LineSeries series, string colour)
    {
        var piece = new List<(double X, double Y)>();
        foreach ((double X, double Y) point in series.X.Zip(series.Y).Append((double.NaN, double.NaN)))
        {
            if (HasPlace(point))
            {
                piece.Add((area.Left + (xAxis.Place(point.X) * area.Width), area.Bottom - (yAxis.Place(point.Y) * area.Height)));
                continue;
            }
            if (piece.Count == 1)
            {
                svg.Circle(piece[0].X, piece[0].Y, 3, colour);
            }
            else if (piece.Count > 1)
            {
                svg.Polyline(PixelColumns.Thin(piece), colour);
            }
            piece.Clear();
        }
    }

    private void DrawReferences(SvgWriter svg, Area area, Axis axis, IReadOnlyList<ReferenceLine> references)
    {
        const double Apart = 13;
        var placed = references.Select(reference => (reference.Label, Y: area.Bottom - (axis.Place(reference.Y) * area.Height)))
            .OrderBy(reference => reference.Y).ToArray();
        var labelY = placed.Select(reference => reference.Y).ToArray();
        for (var index = 1; index < labelY.Length; index++)
        {
            labelY[index] = Math.Max(labelY[index], labelY[index - 1] + Apart);
        }
        for (var index = labelY.Length - 1; index >= 0; index--)
        {
            labelY[index] = Math.Min(labelY[index], area.Bottom - ((labelY.Length - 1 - index) * Apart));
        }
        for (var index = 0; index < placed.Length; index++)
        {
            svg.Line(area.Left, placed[index].Y, area.Right, placed[index].Y, Palette.Ink, 1.4, dashes: "6 4");
            svg.Text(area.Right + 6, labelY[index] + 4, TextMeasure.Shorten(placed[index].Label, LabelWidth, 11), Anchor.Start, 11);
        }
    }
}
