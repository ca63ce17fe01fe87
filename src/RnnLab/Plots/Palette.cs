using System.Globalization;

namespace RnnLab.Plots;

/// <summary>
/// The colours of the charts. Series take Okabe and Ito's colours (2008), which people with any common colour blindness can tell apart;
/// text and lines take a grey that reads equally well on white and on black, so a chart needs no background.
/// </summary>
public static class Palette
{
    /// <summary>Text, axes and reference lines: contrast 4.5 on white and 4.6 on black.</summary>
    public const string Ink = "#767676";

    // Yellow, hard to see on white, comes last; black, invisible on dark, is replaced by the grey.
    private static readonly string[] Colours =
        ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#767676", "#F0E442"];

    /// <summary>The colour of the series with this index, counted from 0; they repeat after eight.</summary>
    public static string Series(int index) => Colours[index % Colours.Length];

    /// <summary>A colour as #RRGGBB from components between 0 and 1.</summary>
    internal static string Hex(double red, double green, double blue)
    {
        static int Byte(double component) => (int)Math.Round(255 * Math.Clamp(component, 0, 1), MidpointRounding.AwayFromZero);
        return string.Create(CultureInfo.InvariantCulture, $"#{Byte(red):X2}{Byte(green):X2}{Byte(blue):X2}");
    }
}
