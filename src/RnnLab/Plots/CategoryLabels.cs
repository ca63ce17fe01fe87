namespace RnnLab.Plots;

/// <summary>Labels of evenly spaced slots: level where they fit, turned where they do not, thinned where there are too many.</summary>
internal sealed class CategoryLabels
{
    private const double Angle = 40;
    private const double LongestTurned = 130;
    private const double Apart = 18;

    private readonly IReadOnlyList<string> _labels;
    private readonly bool _turned;

    /// <summary>Decides the form of labels that go below slots which share a width.</summary>
    public CategoryLabels(IReadOnlyList<string> labels, double width)
    {
        var slot = width / Math.Max(1, labels.Count);
        _labels = labels;
        // Labels that get thinned may each take more than their own slot; indices are short and stay level.
        _turned = TextMeasure.Widest(labels) + 6 > slot && TextMeasure.Widest(labels) > 32;
        Height = labels.Count == 0 ? 6
            : _turned ? (Math.Sin(Angle * Math.PI / 180) * Math.Min(LongestTurned, TextMeasure.Widest(labels))) + 18
            : Frame.TickHeight;
    }

    /// <summary>The height that the labels take below the area.</summary>
    public double Height { get; }

    public void DrawBelow(SvgWriter svg, Area area)
    {
        var slot = area.Width / Math.Max(1, _labels.Count);
        var stride = Stride(_turned ? Apart : TextMeasure.Widest(_labels) + 6, slot);
        for (var index = 0; index < _labels.Count; index += stride)
        {
            var x = area.Left + ((index + 0.5) * slot);
            if (_turned)
            {
                // No further than the picture's left edge.
                var longest = Math.Min(LongestTurned, x / Math.Cos(Angle * Math.PI / 180));
                svg.Text(x + 4, area.Bottom + 14, TextMeasure.Shorten(_labels[index], longest), Anchor.End, angle: -Angle);
            }
            else
            {
                svg.Text(x, area.Bottom + 15, _labels[index], Anchor.Middle);
            }
        }
    }

    /// <summary>Draws labels to the left of slots that share the area's height, the first at the top.</summary>
    public static void DrawBeside(SvgWriter svg, Area area, IReadOnlyList<string> labels, double width)
    {
        var slot = area.Height / Math.Max(1, labels.Count);
        var stride = Stride(Apart, slot);
        for (var index = 0; index < labels.Count; index += stride)
        {
            svg.Text(area.Left - 6, area.Top + ((index + 0.5) * slot) + 4, TextMeasure.Shorten(labels[index], width), Anchor.End);
        }
    }

    // Every label, or every second, fifth, tenth, twentieth and so on.
    private static int Stride(double needed, double slot)
    {
        for (var decade = 1; decade < 1_000_000; decade *= 10)
        {
            foreach (var stride in (int[])[decade, 2 * decade, 5 * decade])
            {
                if (stride * slot >= needed)
                {
                    return stride;
                }
            }
        }
        return int.MaxValue / 2;
    }
}
