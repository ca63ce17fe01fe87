using System.Globalization;
using System.Text;

namespace RnnLab.Plots;

/// <summary>A matrix as coloured cells, row 0 at the top, with a colour bar. NaN and infinities are grey.</summary>
public sealed record HeatMap : Chart
{
    private const int Levels = 128;
    private const double BarWidth = 14;

    /// <summary>The matrix, (rows, columns).</summary>
    public double[,] Values { get; init; } = new double[0, 0];

    /// <summary>The rows' labels, as many as rows; their indices where null.</summary>
    public IReadOnlyList<string>? RowLabels { get; init; }

    /// <summary>The columns' labels, as many as columns; their indices where null.</summary>
    public IReadOnlyList<string>? ColumnLabels { get; init; }

    /// <summary>The colours.</summary>
    public ColourMap Map { get; init; } = ColourMap.Sequential;

    /// <summary>
    /// The value of the first colour; the least value, or for a diverging map the one that puts <see cref="Centre"/> in the middle, where
    /// null.
    /// </summary>
    public double? Min { get; init; }

    /// <summary>The value of the last colour, likewise.</summary>
    public double? Max { get; init; }

    /// <summary>The value of a diverging map's middle colour, where Min and Max are not given.</summary>
    public double Centre { get; init; }

    /// <summary>The most cells drawn along one side; a larger matrix is drawn as the averages of blocks, which the chart says.</summary>
    public int MaxCells { get; init; } = 200;

    private protected override string DefaultTitle => "Heat map";

    private protected override void Draw(SvgWriter svg)
    {
        var rows = Labels(RowLabels, Values.GetLength(0), nameof(RowLabels));
        var columns = Labels(ColumnLabels, Values.GetLength(1), nameof(ColumnLabels));
        var top = 6 + Frame.Head(svg, this, PixelWidth, []);
        var (min, max) = Range();
        var scale = Axis.Of([min, max], logarithmic: false, margin: 0);
        var scaleTicks = scale.Ticks(5);
        var scaleLabels = Ticks.Labels(scaleTicks, logarithmic: false);
        var rowWidth = Math.Min(140, TextMeasure.Widest(rows));
        var left = 8 + (YLabel.Length > 0 ? Frame.LabelHeight : 0) + rowWidth + 8;
        var right = 16 + BarWidth + 6 + TextMeasure.Widest(scaleLabels) + 8;
        var width = Math.Max(20, PixelWidth - left - right);
        var below = new CategoryLabels(columns, width);
        var blocks = HeatMapBlocks.Of(Values, Math.Max(1, MaxCells));
        var noteHeight = blocks.IsWhole ? 0 : 16;
        var height = Math.Max(20, PixelHeight - top - below.Height - (XLabel.Length > 0 ? Frame.LabelHeight : 0) - noteHeight - 4);
        var area = new Area(left, top, width, height);

        if (Values.Length == 0)
        {
            Frame.NoData(svg, area);
        }
        DrawCells(svg, area, blocks, scale);
        below.DrawBelow(svg, area);
        CategoryLabels.DrawBeside(svg, area, rows, rowWidth + 1);
        Frame.AxisLabels(svg, this, area, below.Height);
        if (!blocks.IsWhole)
        {
            var size = string.Create(CultureInfo.InvariantCulture, $"{blocks.RowsPerBlock} × {blocks.ColumnsPerBlock}");
            svg.Text(area.Right, PixelHeight - 5, $"each cell is the mean of {size} values", Anchor.End, 11);
        }
        DrawBar(svg, new Area(area.Right + 16, area.Top, BarWidth, area.Height), scale, scaleTicks, scaleLabels);
    }

    // One path for each colour that occurs, and in it one rectangle for each run of equal cells in a row.
    private void DrawCells(SvgWriter svg, Area area, HeatMapBlocks blocks, Axis scale)
    {
        var paths = new SortedDictionary<int, StringBuilder>();
        var (rows, columns) = (blocks.Means.GetLength(0), blocks.Means.GetLength(1));
        for (var row = 0; row < rows; row++)
        {
            var top = area.Top + (area.Height * blocks.RowStart(row));
            var bottom = area.Top + (area.Height * blocks.RowStart(row + 1));
            for (int column = 0, next; column < columns; column = next)
            {
                var level = Level(blocks.Means[row, column], scale);
                for (next = column + 1; next < columns && Level(blocks.Means[row, next], scale) == level; next++)
                {
                }
                var left = area.Left + (area.Width * blocks.ColumnStart(column));
                var right = area.Left + (area.Width * blocks.ColumnStart(next));
                var path = paths.TryGetValue(level, out var found) ? found : paths[level] = new StringBuilder();
                path.Append(Cell(left, top, right, bottom));
            }
        }
        foreach (var (level, path) in paths)
        {
            svg.Cells(path.ToString(), level < 0 ? Palette.Ink : Map.Colour(level / (Levels - 1.0)), level < 0 ? 0.3 : 1);
        }
    }

    private static string Cell(double left, double top, double right, double bottom)
    {
        var (start, end) = (SvgWriter.Number(left), SvgWriter.Number(right));
        return $"M{start} {SvgWriter.Number(top)}H{end}V{SvgWriter.Number(bottom)}H{start}z";
    }

    private static int Level(double value, Axis scale) =>
        double.IsFinite(value) ? (int)Math.Round(Math.Clamp(scale.Place(value), 0, 1) * (Levels - 1)) : -1;

    private void DrawBar(SvgWriter svg, Area bar, Axis scale, IReadOnlyList<double> ticks, IReadOnlyList<string> labels)
    {
        const int Steps = 64;
        for (var step = 0; step < Steps; step++)
        {
            double from = bar.Bottom - (bar.Height * step / Steps), to = bar.Bottom - (bar.Height * (step + 1) / Steps);
            svg.Cells(Cell(bar.Left, from, bar.Right, to), Map.Colour((step + 0.5) / Steps));
        }
        foreach (var (tick, label) in ticks.Zip(labels))
        {
            var y = bar.Bottom - (scale.Place(tick) * bar.Height);
            svg.Line(bar.Right, y, bar.Right + 4, y, Palette.Ink);
            svg.Text(bar.Right + 7, y + 4, label, Anchor.Start);
        }
    }

    private (double Min, double Max) Range()
    {
        var finite = Values.Cast<double>().Where(double.IsFinite).ToArray();
        double least = finite.Length == 0 ? 0 : finite.Min(), greatest = finite.Length == 0 ? 1 : finite.Max();
        if (Map.IsDiverging)
        {
            var reach = Math.Max(Math.Abs(greatest - Centre), Math.Abs(Centre - least));
            reach = reach == 0 ? 1 : Math.Min(reach, double.MaxValue / 2);
            (least, greatest) = (Centre - reach, Centre + reach);
        }
        return (Min ?? least, Max ?? greatest);
    }

    private static IReadOnlyList<string> Labels(IReadOnlyList<string>? given, int count, string what)
    {
        if (given is not null && given.Count != count)
        {
            throw new ArgumentException($"{given.Count} {what} for {count} of them");
        }
        return given ?? [.. Enumerable.Range(0, count).Select(index => index.ToString(CultureInfo.InvariantCulture))];
    }
}
