using RnnLab.Plots;

namespace RnnLab.Tests.Plots;

public sealed class HeatMapTests
{
    // The cells' paths come before those of the colour bar, which has 64.
    private static string[] CellColours(Svg svg) => [.. svg.Of("path").SkipLast(64).Select(path => path.Attribute("fill")!.Value)];

    [Fact]
    public void The_least_value_has_the_first_colour_and_the_greatest_the_last()
    {
        var svg = new Svg(new HeatMap { Values = new double[,] { { -3, 9 } } });
        Assert.Equal([ColourMap.Sequential.Colour(0), ColourMap.Sequential.Colour(1)], CellColours(svg));
        var (first, second) = (svg.Of("path").First().Attribute("d")!.Value, svg.Of("path").ElementAt(1).Attribute("d")!.Value);
        Assert.True(Left(first) < Left(second), "the first column is on the left");
    }

    [Fact]
    public void A_diverging_map_is_symmetric_about_its_centre()
    {
        var svg = new Svg(new HeatMap { Map = ColourMap.Diverging, Values = new double[,] { { -1, 0, 4 } } });
        Assert.Equal(ColourMap.Diverging.Colour(1), CellColours(svg)[^1]);
        Assert.Contains("0", svg.Labels);
        var shifted = new Svg(new HeatMap { Map = ColourMap.Diverging, Centre = 1, Values = new double[,] { { 0, 2 } } });
        Assert.Equal([ColourMap.Diverging.Colour(0), ColourMap.Diverging.Colour(1)], CellColours(shifted));
    }

    [Fact]
    public void Given_limits_are_kept_and_values_outside_take_the_end_colours()
    {
        var svg = new Svg(new HeatMap { Min = 0, Max = 1, Values = new double[,] { { -5, 9 } } });
        Assert.Equal([ColourMap.Sequential.Colour(0), ColourMap.Sequential.Colour(1)], CellColours(svg));
    }

    [Fact]
    public void Labels_are_those_given_or_the_indices()
    {
        var values = new double[,] { { 1, 2 }, { 3, 4 } };
        Assert.All(["the", "fox", "le", "renard"], label => Assert.Contains(label,
            new Svg(new HeatMap { Values = values, RowLabels = ["the", "fox"], ColumnLabels = ["le", "renard"] }).Labels));
        Assert.Equal(2, new Svg(new HeatMap { Values = values, Min = 10, Max = 20 }).Labels.Count(label => label == "1"));
        Assert.Throws<ArgumentException>(() => new HeatMap { Values = values, RowLabels = ["one"] }.ToSvg());
    }

    [Fact]
    public void A_large_matrix_is_drawn_as_means_of_blocks()
    {
        var values = new double[5, 4] { { 1, 3, 0, 0 }, { 5, 7, 0, 0 }, { 0, 0, double.NaN, 6 }, { 0, 0, double.NaN, double.NaN }, { 2, 2, 9, 9 } };
        var blocks = HeatMapBlocks.Of(values, 3);
        Assert.Equal((2, 2), (blocks.RowsPerBlock, blocks.ColumnsPerBlock));
        Assert.Equal(new double[,] { { 4, 0 }, { 0, 6 }, { 2, 9 } }, blocks.Means);
        Assert.Equal([0, 0.4, 0.8, 1], Enumerable.Range(0, 4).Select(blocks.RowStart));

        var svg = new Svg(new HeatMap { Values = new double[2000, 1500] });
        Assert.Contains("each cell is the mean of 10 × 8 values", svg.Labels);
        Assert.True(svg.Text.Length < 1_000_000);
    }

    public static TheoryData<double[,]> Odd => new(
        new double[0, 0], new double[0, 3], new double[3, 0], new double[1, 1], new double[,] { { double.NaN, double.PositiveInfinity } },
        new double[,] { { 1e300, 1e-300 } }, new double[,] { { double.MaxValue, -double.MaxValue } }, new double[,] { { 5e-324, 0 } }, new double[,] { { 7, 7 }, { 7, 7 } });

    [Theory]
    [MemberData(nameof(Odd))]
    public void Matrices_of_any_kind_give_a_chart(double[,] values)
    {
        foreach (var map in (ColourMap[])[ColourMap.Sequential, ColourMap.Diverging])
        {
            var svg = new Svg(new HeatMap { Values = values, Map = map });
            Assert.DoesNotContain("NaN", svg.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", svg.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("\u221e", svg.Text, StringComparison.Ordinal);
        }
    }

    private static double Left(string path) => double.Parse(path[1..path.IndexOf(' ')], System.Globalization.CultureInfo.InvariantCulture);
}
