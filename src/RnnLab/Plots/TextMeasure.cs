using System.Text;

namespace RnnLab.Plots;

/// <summary>Estimates the width of a text, since SVG without script cannot measure it; rather too wide than too narrow.</summary>
internal static class TextMeasure
{
    public static double Width(string text, double size = 12) => size * text.EnumerateRunes().Sum(Ems);

    public static double Widest(IEnumerable<string> texts, double size = 12) => texts.Select(text => Width(text, size)).DefaultIfEmpty(0).Max();

    /// <summary>The text, or as much of its start as fits with an ellipsis.</summary>
    public static string Shorten(string text, double width, double size = 12)
    {
        if (Width(text, size) <= width)
        {
            return text;
        }
        var kept = new StringBuilder();
        var used = size;
        foreach (var rune in text.EnumerateRunes())
        {
            used += size * Ems(rune);
            if (used > width)
            {
                break;
            }
            kept.Append(rune);
        }
        return kept.ToString().TrimEnd() + "\u2026";
    }

    private static double Ems(Rune rune) => rune.Value switch
    {
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' => 0.34,
        '\u2212' or 'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.95,
        >= 0x2E80 => 1.05,
        _ => 0.64,
    };
}
