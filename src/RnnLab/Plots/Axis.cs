namespace RnnLab.Plots;

/// <summary>The range of one axis, linear or logarithmic, chosen to hold the data whatever they are.</summary>
internal sealed class Axis
{
    // Below this the steps between ticks leave the normal numbers.
    private const double Smallest = 1e-290;

    private Axis(double min, double max, bool logarithmic)
    {
        (Min, Max, IsLogarithmic) = (min, max, logarithmic);
    }

    public double Min { get; }

    public double Max { get; }

    public bool IsLogarithmic { get; }

    /// <summary>Whether a value has a place on the axis at all.</summary>
    public static bool Accepts(double value, bool logarithmic) => double.IsFinite(value) && (!logarithmic || value > 0);

    /// <summary>
    /// The axis for some values; those without a place are passed over. Without any left it runs from 0 to 1 (logarithmic: 1 to 10).
    /// </summary>
    /// <param name="values">The data.</param>
    /// <param name="logarithmic">Whether equal distances are equal ratios.</param>
    /// <param name="margin">The part of the range that is added at both ends.</param>
    public static Axis Of(IEnumerable<double> values, bool logarithmic, double margin)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        foreach (var value in values.Where(value => Accepts(value, logarithmic)))
        {
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        }
        if (min > max)
        {
            return logarithmic ? new Axis(1, 10, true) : new Axis(0, 1, false);
        }
        return logarithmic ? Logarithmic(min, max, margin) : Linear(min, max, margin);
    }

    /// <summary>The place of a value between 0 (the axis's start) and 1 (its end).</summary>
    public double Place(double value) => IsLogarithmic
        ? (Math.Log10(value) - Math.Log10(Min)) / (Math.Log10(Max) - Math.Log10(Min))
        : ((value / 2) - (Min / 2)) / ((Max / 2) - (Min / 2));

    public IReadOnlyList<double> Ticks(int count) =>
        IsLogarithmic ? Plots.Ticks.Logarithmic(Min, Max, count) : Plots.Ticks.Linear(Min, Max, count);

    private static Axis Linear(double min, double max, double margin)
    {
        var magnitude = Math.Max(Math.Abs(min), Math.Abs(max));
        var halfSpan = (max / 2) - (min / 2);
        if (magnitude < Smallest)
        {
            return new Axis(-1, 1, false);
        }
        // A constant, or one but for rounding: the axis shows its surroundings.
        var pad = halfSpan <= magnitude * 1e-12 ? magnitude * 0.1 : 2 * margin * halfSpan;
        return new Axis(Math.Max(min - pad, -double.MaxValue), Math.Min(max + pad, double.MaxValue), false);
    }

    private static Axis Logarithmic(double min, double max, double margin)
    {
        double from = Math.Log10(min), to = Math.Log10(max);
        var pad = to - from < 1e-9 ? 0.5 : margin * (to - from);
        return new Axis(Math.Max(Math.Pow(10, from - pad), double.Epsilon), Math.Min(Math.Pow(10, to + pad), double.MaxValue), true);
    }
}
