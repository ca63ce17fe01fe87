namespace RnnLab.Plots;

/// <summary>A rectangle of the picture, in pixels from its top left corner.</summary>
internal readonly record struct Area(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;
}

/// <summary>What surrounds the data of every chart: the title, the legend, the labels of the axes, grid lines and ticks.</summary>
internal static class Frame
{
    public const double TitleHeight = 26;
    public const double TickHeight = 20;
    public const double LabelHeight = 20;

    private const double LegendRow = 18;
    private const double Edge = 8;

    /// <summary>Draws title and legend and returns the height that they take.</summary>
    public static double Head(SvgWriter svg, Chart chart, double width, IReadOnlyList<(string Name, string Colour)> legend)
    {
        var top = Edge;
        if (chart.Title.Length > 0)
        {
            svg.Text(width / 2, top + 14, TextMeasure.Shorten(chart.Title, width - (2 * Edge), 15), Anchor.Middle, 15, bold: true);
            top += TitleHeight;
        }
        var x = 2 * Edge;
        var rows = 0;
        foreach (var (name, colour) in legend)
        {
            var shown = TextMeasure.Shorten(name, width - 60);
            var needed = 22 + TextMeasure.Width(shown) + 16;
            if (rows == 0 || x + needed > width)
            {
                x = 2 * Edge;
                rows++;
            }
            var y = top + ((rows - 1) * LegendRow);
            svg.Rectangle(x, y + 4, 14, 4, colour);
            svg.Text(x + 20, y + 10, shown, Anchor.Start);
            x += needed;
        }
        return top + (rows * LegendRow) + (rows > 0 ? 2 : 0);
    }

    /// <summary>The left margin that holds the tick labels and the vertical axis's label.</summary>
    public static double LeftMargin(Chart chart, IEnumerable<string> tickLabels) =>
        Edge + (chart.YLabel.Length > 0 ? LabelHeight : 0) + TextMeasure.Widest(tickLabels) + 8;

    /// <summary>The labels of both axes, outside the area and its ticks.</summary>
    public static void AxisLabels(SvgWriter svg, Chart chart, Area area, double belowTicks)
    {
        if (chart.XLabel.Length > 0)
        {
            svg.Text(area.Left + (area.Width / 2), area.Bottom + belowTicks + 14, TextMeasure.Shorten(chart.XLabel, area.Width), Anchor.Middle);
        }
        if (chart.YLabel.Length > 0)
        {
            svg.Text(Edge + 10, area.Top + (area.Height / 2), TextMeasure.Shorten(chart.YLabel, area.Height), Anchor.Middle, angle: -90);
        }
    }

    /// <summary>Horizontal grid lines with their labels on the left.</summary>
    public static void HorizontalGrid(SvgWriter svg, Area area, Axis axis, IReadOnlyList<double> ticks, IReadOnlyList<string> labels)
    {
        foreach (var (tick, label) in ticks.Zip(labels))
        {
            var y = area.Bottom - (axis.Place(tick) * area.Height);
            svg.Line(area.Left, y, area.Right, y, Palette.Ink, opacity: 0.25);
            svg.Text(area.Left - 6, y + 4, label, Anchor.End);
        }
    }

    /// <summary>Vertical grid lines with their labels below; a label that would touch the one before it is left out.</summary>
    public static void VerticalGrid(SvgWriter svg, Area area, Axis axis, IReadOnlyList<double> ticks, IReadOnlyList<string> labels)
    {
        var free = double.NegativeInfinity;
        foreach (var (tick, label) in ticks.Zip(labels))
        {
            var x = area.Left + (axis.Place(tick) * area.Width);
            svg.Line(x, area.Top, x, area.Bottom, Palette.Ink, opacity: 0.25);
            var half = TextMeasure.Width(label) / 2;
            if (x - half >= free)
            {
                svg.Text(x, area.Bottom + 15, label, Anchor.Middle);
                free = x + half + 6;
            }
        }
    }

    /// <summary>The left and lower edge of the area.</summary>
    public static void Edges(SvgWriter svg, Area area)
    {
        svg.Line(area.Left, area.Top, area.Left, area.Bottom, Palette.Ink);
        svg.Line(area.Left, area.Bottom, area.Right, area.Bottom, Palette.Ink);
    }

    /// <summary>The words of a chart that has no data.</summary>
    public static void NoData(SvgWriter svg, Area area) =>
        svg.Text(area.Left + (area.Width / 2), area.Top + (area.Height / 2), "no data", Anchor.Middle, 13);
}
