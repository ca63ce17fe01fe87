using RnnLab.Plots;

namespace RnnLab.Tests.Plots;

public sealed class TicksTests
{
    [Theory]
    [InlineData(0, 1, 5, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(-3, 7, 5, new double[] { -2, 0, 2, 4, 6 })]
    [InlineData(0, 5000, 5, new double[] { 0, 1000, 2000, 3000, 4000, 5000 })]
    public void Linear_ticks_are_round_and_within_the_range(double min, double max, int count, double[] expected)
    {
        var ticks = Ticks.Linear(min, max, count);
        Assert.Equal(expected.Length, ticks.Count);
        Assert.All(expected.Zip(ticks), pair => Assert.Equal(pair.First, pair.Second, 1e-12 * max));
    }

    [Fact]
    public void Logarithmic_ticks_are_powers_of_ten_thinned_evenly()
    {
        Assert.Equal([1e-3, 1e-2, 1e-1, 1, 10], Ticks.Logarithmic(1e-3, 10, 6));
        Assert.Equal([1, 2, 5, 10, 20, 50], Ticks.Logarithmic(1, 64, 6));
        Assert.Equal([1e-200, 1e-100, 1, 1e100, 1e200], Ticks.Logarithmic(1e-250, 1e250, 5));
        Assert.Equal([2, 3, 4, 5, 6, 8], Ticks.Logarithmic(1.5, 9, 5));
    }

    [Theory]
    [InlineData(new[] { 0, 0.2, 0.4 }, new[] { "0", "0.2", "0.4" })]
    [InlineData(new[] { -0.05, 0, 0.05 }, new[] { "−0.05", "0", "0.05" })]
    [InlineData(new double[] { 0, 50_000, 100_000 }, new[] { "0", "50k", "100k" })]
    [InlineData(new double[] { 0, 500_000, 1_000_000 }, new[] { "0", "0.5M", "1M" })]
    [InlineData(new[] { 0, 1e-5, 2e-5 }, new[] { "0", "1e−5", "2e−5" })]
    [InlineData(new[] { 0, 5e-6, 1e-5 }, new[] { "0", "5e−6", "1e−5" })]
    [InlineData(new[] { 1e300, 1.5e300 }, new[] { "1e300", "1.5e300" })]
    [InlineData(new[] { 0.0010, 0.0015, 0.0020 }, new[] { "0.001", "0.0015", "0.002" })]
    public void Labels_have_the_digits_that_tell_the_ticks_apart(double[] ticks, string[] labels) => Assert.Equal(labels, Ticks.Labels(ticks, logarithmic: false));

    [Fact]
    public void Labels_of_neighbouring_ticks_differ_over_all_magnitudes()
    {
        for (var exponent = -280; exponent <= 300; exponent += 7)
        {
            foreach (var offset in (double[])[0, 1, 12.3, -400])
            {
                var unit = Math.Pow(10, exponent);
                var labels = Ticks.Labels(Ticks.Linear(offset * unit, (offset + 3.7) * unit, 6), logarithmic: false);
                Assert.InRange(labels.Count, 3, 12);
                Assert.Equal(labels.Count, labels.Distinct().Count());
            }
        }
    }

    [Fact]
    public void Logarithmic_labels_are_plain_where_short() => Assert.Equal(["0.01", "1", "100"], Ticks.Labels([0.01, 1, 100], logarithmic: true));
}
