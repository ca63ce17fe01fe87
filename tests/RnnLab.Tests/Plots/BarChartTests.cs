using RnnLab.Plots;

namespace RnnLab.Tests.Plots;

public sealed class BarChartTests
{
    private static Svg Chart(double[] values, double[]? errors = null) =>
        new(new BarChart { Categories = [.. values.Select((_, index) => $"c{index}")], Series = [new BarSeries("s", values, errors)] });

    [Fact]
    public void Bars_stand_on_zero_and_hang_below_it()
    {
        var bars = Chart([2, -1]).Of("rect").ToArray();
        Assert.Equal(2, bars.Length);
        Assert.Equal(Svg.Number(bars[0], "height"), 2 * Svg.Number(bars[1], "height"), 0.05);
        Assert.Equal(Svg.Number(bars[0], "y") + Svg.Number(bars[0], "height"), Svg.Number(bars[1], "y"), 0.05);
    }

    [Fact]
    public void Groups_hold_one_bar_for_each_series_side_by_side()
    {
        var svg = new Svg(new BarChart { Categories = ["a", "b"], Series = [new BarSeries("one", [1, 2]), new BarSeries("two", [3, double.NaN])] });
        var bars = svg.Of("rect").Where(bar => Svg.Number(bar, "height") > 10).OrderBy(bar => Svg.Number(bar, "x")).ToArray();
        Assert.Equal(3, bars.Length);
        Assert.Equal([Palette.Series(0), Palette.Series(1), Palette.Series(0)], bars.Select(bar => bar.Attribute("fill")!.Value));
        Assert.True(Svg.Number(bars[0], "x") + Svg.Number(bars[0], "width") <= Svg.Number(bars[1], "x"));
        Assert.All(["a", "b", "one", "two"], label => Assert.Contains(label, svg.Labels));
    }

    [Fact]
    public void Error_bars_reach_as_far_as_the_errors_and_fit_in_the_frame()
    {
        var svg = Chart([10, 10, 10], [5, 0, double.NaN]);
        var upright = svg.Of("line").Where(line => line.Attribute("stroke")!.Value == "#333333" && Svg.Number(line, "x1") == Svg.Number(line, "x2")).ToArray();
        var error = Assert.Single(upright);
        var bar = Svg.Number(svg.Of("rect").First(), "height");
        Assert.Equal(bar, Math.Abs(Svg.Number(error, "y1") - Svg.Number(error, "y2")), 0.05);
        Assert.True(Math.Min(Svg.Number(error, "y1"), Svg.Number(error, "y2")) >= 0);
    }

    public static TheoryData<double[]> Odd => new(
        [], [0], [0, 0], [double.NaN], [double.PositiveInfinity, 1], [1e300, 1e-300], [double.MaxValue, -double.MaxValue], [5e-324], [-3], [1e-12]);

    [Theory]
    [MemberData(nameof(Odd))]
    public void Values_of_any_kind_give_a_chart_inside_its_frame(double[] values)
    {
        var svg = Chart(values, values);
        Assert.DoesNotContain("NaN", svg.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", svg.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u221e", svg.Text, StringComparison.Ordinal);
        Assert.All(svg.Of("rect"), bar => Assert.True(Svg.Number(bar, "y") >= 0 && Svg.Number(bar, "y") + Svg.Number(bar, "height") <= 380));
        Assert.All(svg.Of("line"), line => Assert.InRange(Svg.Number(line, "y1"), 0, 380));
    }

    [Fact]
    public void Long_labels_are_turned_and_many_are_thinned()
    {
        var turned = new Svg(new BarChart { Categories = [.. Enumerable.Range(0, 12).Select(index => $"configuration {index}")], Series = [new BarSeries("s", new double[12])] });
        Assert.Equal(12, turned.Of("text").Count(text => text.Attribute("transform") is not null));
        var many = Chart(new double[500]);
        Assert.InRange(many.Labels.Count(label => label.StartsWith('c')), 5, 40);
    }

    [Fact]
    public void Series_that_do_not_match_the_categories_are_refused() =>
        Assert.Throws<ArgumentException>(() => new BarChart { Categories = ["a"], Series = [new BarSeries("s", [1, 2])] }.ToSvg());
}
