using System.Globalization;
using System.Text.RegularExpressions;

namespace RnnLab.Experiments.Configuration;

/// <summary>The plain scalars of YAML 1.2's core schema: null, true and false, integers and floating-point numbers.</summary>
internal static partial class YamlScalars
{
    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    public static bool IsBoolean(string text) => text is "true" or "false";

    public static bool IsInteger(string text) => IntegerPattern().IsMatch(text);

    public static bool LooksNumeric(string text) => NumberPattern().IsMatch(text) || TryNonFinite(text, out _);

    /// <summary>The meaning that YAML 1.1 or another habit gives to a word, where it is one of true and false.</summary>
    public static bool? LooseBoolean(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "y" or "1" => true,
        "false" or "no" or "off" or "n" or "0" => false,
        _ => null,
    };

    public static bool TryNumber(string text, out double value)
    {
        if (NumberPattern().IsMatch(text))
        {
            value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            return true;
        }
        return TryNonFinite(text, out value);
    }

    /// <summary>The plain spelling of an integer written as 1e3, 5.0 or 2_000, for a hint; null where the text means no integer.</summary>
    public static string? PlainInteger(string text)
    {
        var bare = GroupedPattern().IsMatch(text) ? text.Replace("_", "").Replace(",", "") : text;
        return NumberPattern().IsMatch(bare)
            && decimal.TryParse(bare, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value == decimal.Truncate(value)
                ? decimal.Truncate(value).ToString("0", CultureInfo.InvariantCulture)
                : null;
    }

    private static bool TryNonFinite(string text, out double value)
    {
        value = text switch
        {
            ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => double.PositiveInfinity,
            "-.inf" or "-.Inf" or "-.INF" => double.NegativeInfinity,
            ".nan" or ".NaN" or ".NAN" => double.NaN,
            _ => 0,
        };
        return !double.IsFinite(value);
    }

    [GeneratedRegex(@"^[-+]?[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"^[-+]?[0-9]{1,3}([_,][0-9]{3})+\z", RegexOptions.CultureInvariant)]
    private static partial Regex GroupedPattern();
}
