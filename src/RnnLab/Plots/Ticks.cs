using System.Globalization;

namespace RnnLab.Plots;

/// <summary>Round positions along an axis, and their labels.</summary>
internal static class Ticks
{
    /// <summary>
    /// Multiples of 1, 2 or 5 times a power of ten within [min, max]: about <paramref name="count"/> of them, at least one step.
    /// </summary>
    public static IReadOnlyList<double> Linear(double min, double max, int count)
    {
        var step = Step(min, max, count);
        var first = Math.Ceiling(min / step);
        var last = Math.Floor((max / step) + 1e-9);
        var ticks = new List<double>();
        for (var index = 0; index <= last - first && index < 100; index++)
        {
            // Rounded, so that 3 · 0.1 is shown and placed as 0.3.
            var tick = (first + index) * step;
            ticks.Add(Math.Abs(tick) < step / 2 ? 0 : tick);
        }
        return ticks;
    }

    /// <summary>
    /// Powers of ten within [min, max], thinned to about <paramref name="count"/>; over few decades also multiples of them.
    /// </summary>
    public static IReadOnlyList<double> Logarithmic(double min, double max, int count)
    {
        double from = Math.Log10(min), to = Math.Log10(max);
        if (to - from < 0.4)
        {
            return Linear(min, max, count);
        }
        int[] multiples = to - from < 1.2 ? [1, 2, 3, 4, 5, 6, 8] : to - from < 2.5 ? [1, 2, 5] : [1];
        var stride = (int)Math.Max(1, Step(from, to, count));
        var ticks = new List<double>();
        for (var decade = (int)Math.Floor(from / stride) * stride; decade <= to; decade += stride)
        {
            ticks.AddRange(multiples.Select(multiple => double.Parse($"{multiple}e{decade}", CultureInfo.InvariantCulture))
                .Where(tick => double.IsFinite(tick) && tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9)));
        }
        return ticks;
    }

    /// <summary>Labels for the ticks of one axis, all in one notation: plain, in thousands, in millions, or with a power of ten.</summary>
    public static IReadOnlyList<string> Labels(IReadOnlyList<double> ticks, bool logarithmic)
    {
        if (ticks.Count == 0)
        {
            return [];
        }
        var largest = ticks.Max(Math.Abs);
        var step = ticks.Count > 1 ? ticks.Zip(ticks.Skip(1), (a, b) => b - a).Min() : largest;
        if (logarithmic)
        {
            var smallest = ticks.Min();
            return [.. ticks.Select(tick => smallest >= 1e-4 && largest < 1e6 ? Plain(tick, 6) : Scientific(tick, 0))];
        }
        if (largest is >= 1e10 or < 1e-3 and > 0)
        {
            // No tick needs more digits than those between it and the step.
            var digits = Math.Clamp(Exponent(largest) - Exponent(step), 0, 15);
            return [.. ticks.Select(tick => Scientific(tick, digits))];
        }
        var (unit, suffix) = largest >= 1e6 ? (1e6, "M") : largest >= 1e4 ? (1e3, "k") : (1, "");
        var decimals = Math.Clamp(-Exponent(step / unit), 0, 12);
        return [.. ticks.Select(tick => tick == 0 ? "0" : Plain(tick / unit, decimals) + suffix)];
    }

    private static double Step(double min, double max, int count)
    {
        // Halved first: the difference of two large numbers of opposite sign can overflow.
        var raw = ((max / 2) - (min / 2)) / (Math.Max(1, count) / 2.0);
        var power = Math.Pow(10, Exponent(raw));
        var multiple = raw / power;
        // The nearest of 1, 2, 5 and 10 by ratio.
        return power * (multiple < 1.41 ? 1 : multiple < 3.16 ? 2 : multiple < 7.07 ? 5 : 10);
    }

    private static int Exponent(double value) => value > 0 && double.IsFinite(value) ? (int)Math.Floor(Math.Log10(value) + 1e-9) : 0;

    private static string Plain(double value, int decimals) => Signed(value.ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture));

    private static string Scientific(double value, int digits) =>
        value == 0 ? "0" : Signed(value.ToString($"0.{new string('#', digits)}e0", CultureInfo.InvariantCulture));

    private static string Signed(string number) => number.Replace('-', '\u2212');
}
