namespace RnnLab.Plots;

/// <summary>Maps a position between 0 and 1 to a colour, by linear interpolation between anchors that are evenly spaced.</summary>
public sealed class ColourMap
{
    private readonly (double Red, double Green, double Blue)[] _anchors;

    private ColourMap(bool isDiverging, params uint[] anchors)
    {
        IsDiverging = isDiverging;
        _anchors = [.. anchors.Select(rgb => (((rgb >> 16) & 255) / 255.0, ((rgb >> 8) & 255) / 255.0, (rgb & 255) / 255.0))];
    }

    /// <summary>
    /// Dark blue over green to yellow with evenly rising lightness (after viridis, van der Walt and Smith 2015): for magnitudes.
    /// </summary>
    public static ColourMap Sequential { get; } =
        new(false, 0x440154, 0x482475, 0x414487, 0x355F8D, 0x2A788E, 0x21918C, 0x22A884, 0x44BF70, 0x7AD151, 0xBDDF26, 0xFDE725);

    /// <summary>Blue over near-white to vermillion: for signed values around a centre.</summary>
    public static ColourMap Diverging { get; } = new(true, 0x00436B, 0x0072B2, 0x7FB8D8, 0xF4F4F4, 0xEFB286, 0xD55E00, 0x803800);

    /// <summary>Whether the middle colour marks a centre, so that the range is taken symmetrically around it.</summary>
    public bool IsDiverging { get; }

    /// <summary>The colour as #RRGGBB; positions outside 0 to 1 take the nearer end.</summary>
    public string Colour(double position)
    {
        var scaled = Math.Clamp(position, 0, 1) * (_anchors.Length - 1);
        var index = Math.Min((int)scaled, _anchors.Length - 2);
        var part = scaled - index;
        var (from, to) = (_anchors[index], _anchors[index + 1]);
        return Palette.Hex(
            from.Red + (part * (to.Red - from.Red)), from.Green + (part * (to.Green - from.Green)), from.Blue + (part * (to.Blue - from.Blue)));
    }
}
