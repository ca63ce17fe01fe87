using RnnLab.Plots;

namespace RnnLab.Tests.Plots;

/// <summary>Attention as a picture.</summary>
public sealed class AttentionChartTests
{
    [Fact]
    public void Rows_are_output_symbols_columns_input_symbols_and_colours_run_from_0_to_1()
    {
        var chart = AttentionChart.Of(["a", "b", "c"], ["x", "y"], new[,] { { 0, 1, 0.0 }, { 0.5, 0.25, 0.25 } });
        var svg = new Svg(chart);
        Assert.All(["a", "b", "c", "x", "y", "input", "output"], label => Assert.Contains(label, svg.Labels));
        var colours = svg.Of("path").SkipLast(64).Select(path => path.Attribute("fill")!.Value).ToArray();
        Assert.Contains(ColourMap.Sequential.Colour(0), colours);
        Assert.Contains(ColourMap.Sequential.Colour(1), colours);
        // Row x is above row y, column a to the left of column c.
        Assert.True(At("x", "y") < At("y", "y") && At("a", "x") < At("c", "x"));

        double At(string label, string axis) => Svg.Number(svg.Of("text").First(text => text.Value == label), axis);
    }

    [Fact]
    public void Even_weights_have_the_colour_of_their_value_and_not_an_end_of_the_scale()
    {
        var svg = new Svg(AttentionChart.Of(["a", "b"], ["x"], new[,] { { 0.5, 0.5 } }));
        // Of 128 colours, the 64th.
        Assert.Equal(ColourMap.Sequential.Colour(64 / 127.0), Assert.Single(svg.Of("path").SkipLast(64)).Attribute("fill")!.Value);
    }

    [Fact]
    public void Symbols_that_cannot_be_seen_or_are_markup_are_shown()
    {
        var svg = new Svg(AttentionChart.Of([" ", "\n", "<eos>", "\u200d", "\u00a0"], ["&", "new york", "\u0007", "\"é\""], new double[4, 5]));
        Assert.All(["␣", "U+000A", "<eos>", "U+200D", "U+00A0", "&", "new␣york", "U+0007", "\"é\""], label => Assert.Contains(label, svg.Labels));
        Assert.Contains("&lt;eos&gt;", svg.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_symbol_of_a_date_has_its_label()
    {
        string[] source = [.. "wednesday, 14 february 1973".Select(c => c.ToString())], target = [.. "1973-02-14".Select(c => c.ToString())];
        var labels = new Svg(AttentionChart.Of(source, target, new double[10, 27])).Labels;
        // After those of the axes' names and the scale.
        Assert.Equal(3, labels.Count(label => label == "␣"));
        Assert.Equal(2, labels.Count(label => label == "-"));
        Assert.Equal(3, labels.Count(label => label == "e"));
    }

    [Fact]
    public void Weights_that_do_not_fit_the_symbols_are_refused()
    {
        Assert.Throws<ArgumentException>(() => AttentionChart.Of(["a", "b"], ["x"], new double[2, 1]));
        Assert.Throws<ArgumentException>(() => AttentionChart.Of(["a"], ["x", "y"], new double[1, 1]));
    }

    [Theory]
    [InlineData(0, 0), InlineData(1, 1), InlineData(400, 300)]
    public void Sequences_of_any_length_give_a_picture(int source, int target)
    {
        var svg = new Svg(AttentionChart.Of([.. Enumerable.Repeat("s", source)], [.. Enumerable.Repeat("t", target)], new double[target, source]));
        Assert.True(svg.Text.Length < 1_000_000);
        Assert.DoesNotContain("NaN", svg.Text, StringComparison.Ordinal);
    }
}
