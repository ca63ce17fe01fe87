using RnnLab.Plots;

namespace RnnLab.Tests.Plots;

public sealed class LineChartTests
{
    private static LineChart Chart(params double[] y) => new() { Title = "t", Series = [new LineSeries("s", [.. y.Select((_, index) => (double)index)], y)] };

    [Fact]
    public void Points_lie_where_their_values_are()
    {
        var points = Svg.Points(Assert.Single(new Svg(Chart(0, 10, 5)).Of("polyline")));
        Assert.Equal(3, points.Length);
        Assert.Equal(points[1].X - points[0].X, points[2].X - points[1].X, 0.02);
        Assert.Equal((points[0].Y + points[1].Y) / 2, points[2].Y, 0.02);
        Assert.True(points[1].Y < points[0].Y);
    }

    [Fact]
    public void On_a_logarithmic_axis_equal_ratios_are_equal_distances()
    {
        var points = Svg.Points(Assert.Single(new Svg(Chart(1e-6, 1e-3, 1) with { LogY = true }).Of("polyline")));
        Assert.Equal(points[0].Y - points[1].Y, points[1].Y - points[2].Y, 0.02);
        Assert.Contains("1e\u22126", new Svg(Chart(1e-6, 1e-3, 1) with { LogY = true }).Labels);
    }

    [Fact]
    public void A_value_without_a_place_is_a_gap_and_a_point_alone_is_a_dot()
    {
        var svg = new Svg(Chart(1, 2, double.NaN, 3, double.PositiveInfinity, 4, 5));
        Assert.Equal(2, svg.Of("polyline").Count());
        Assert.Single(svg.Of("circle"));
        var logarithmic = new Svg(Chart(1, 2, 0, 3, -1) with { LogY = true });
        Assert.Single(logarithmic.Of("polyline"));
        Assert.Single(logarithmic.Of("circle"));
    }

    [Fact]
    public void Title_labels_legend_and_references_are_shown_and_escaped()
    {
        var svg = new Svg(new LineChart
        {
            Title = "a < b & \"c\"\u0001",
            XLabel = "<step>",
            YLabel = "nats",
            Series = [new LineSeries("one", [0, 1], [1, 2]), new LineSeries("two", [0, 1], [2, 3])],
            References = [new ReferenceLine("bigram", 2.5), new ReferenceLine("nowhere", double.NaN)],
        });
        Assert.Equal("a < b & \"c\"\uFFFD", svg.Title);
        Assert.All(["<step>", "nats", "one", "two", "bigram"], label => Assert.Contains(label, svg.Labels));
        Assert.DoesNotContain("nowhere", svg.Labels);
        Assert.Single(svg.Of("line"), line => line.Attribute("stroke-dasharray") is not null);
    }

    [Fact]
    public void References_that_are_close_have_labels_apart()
    {
        var svg = new Svg(Chart(0, 1) with { References = [.. Enumerable.Range(0, 5).Select(index => new ReferenceLine($"ref{index}", 0.5 + (index * 1e-6)))] });
        double[] heights = [.. svg.Of("text").Where(text => text.Value.StartsWith("ref", StringComparison.Ordinal)).Select(text => Svg.Number(text, "y")).Order()];
        Assert.Equal(5, heights.Length);
        Assert.All(heights.Zip(heights.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 12.9));
    }

    public static TheoryData<double[]> Odd => new(
        [], [5], [5, 5, 5], [0, 0], [double.NaN, double.NaN], [double.PositiveInfinity, 1], [1e-300, 1e300], [-1.7e308, 1.7e308], [double.MaxValue, -double.MaxValue],
        [5e-324, 1e-323], [1e-300], [1e300, Math.BitIncrement(1e300)], [1e9, 1e9 + 1e-3], [-1e-12, 1e-12], [3, 1e-17], [0.1, 0.1 + 1e-16]);

    [Theory]
    [MemberData(nameof(Odd))]
    public void Data_of_any_kind_give_a_chart_inside_its_frame(double[] values)
    {
        foreach (var (logX, logY) in ((bool, bool)[])[(false, false), (false, true), (true, true)])
        {
            var svg = new Svg(new LineChart { LogX = logX, LogY = logY, Series = [new LineSeries("s", values, values)], References = [new ReferenceLine("r", 1)] });
            Assert.DoesNotContain("NaN", svg.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", svg.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("\u221e", svg.Text, StringComparison.Ordinal);
            Assert.All(svg.Of("polyline").SelectMany(Svg.Points), point => Assert.True(point is { X: >= 0 and <= 720, Y: >= 0 and <= 380 }));
            Assert.All(svg.Of("line"), line => Assert.InRange(Svg.Number(line, "y1"), 0, 380));
            Assert.True(svg.Of("text").Count() > 2, "there are tick labels");
            Assert.Equal(svg.Text, new Svg(new LineChart { LogX = logX, LogY = logY, Series = [new LineSeries("s", values, values)], References = [new ReferenceLine("r", 1)] }).Text);
        }
    }

    [Fact]
    public void A_chart_without_data_says_so() => Assert.Contains("no data", new Svg(Chart(double.NaN)).Labels);

    [Fact]
    public void A_long_curve_stays_small_and_keeps_its_extremes()
    {
        var values = Enumerable.Range(0, 300_000).Select(index => Math.Sin(index)).ToArray();
        values[123_456] = 7;
        var svg = new Svg(Chart(values));
        Assert.True(svg.Text.Length < 150_000, $"{svg.Text.Length} characters");
        var points = Svg.Points(Assert.Single(svg.Of("polyline")));
        Assert.Single(points, point => point.Y < 60);
    }

    [Fact]
    public void Coordinates_that_do_not_match_in_number_are_refused() =>
        Assert.Throws<ArgumentException>(() => new LineChart { Series = [new LineSeries("s", [1, 2], [1])] }.ToSvg());

    [Fact]
    public void A_chart_refers_to_nothing_outside_itself()
    {
        var text = new Svg(Chart(1, 2)).Text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
        Assert.All(["http", "href", "<script", "url("], word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
    }
}
