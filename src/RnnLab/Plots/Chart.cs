namespace RnnLab.Plots;

/// <summary>
/// A chart as one SVG element: no script, no reference to anything outside it, readable on light and dark pages, the same text for the
/// same data.
/// </summary>
public abstract record Chart
{
    /// <summary>The title, which is also what a screen reader says.</summary>
    public string Title { get; init; } = "";

    /// <summary>What the horizontal axis shows, with its unit.</summary>
    public string XLabel { get; init; } = "";

    /// <summary>What the vertical axis shows, with its unit.</summary>
    public string YLabel { get; init; } = "";

    /// <summary>The width in pixels, at least 200.</summary>
    public int Width { get; init; } = 720;

    /// <summary>The height in pixels, at least 150.</summary>
    public int Height { get; init; } = 380;

    /// <summary>The chart as SVG text. Data of any kind give a chart: none, one point, constants, NaN and infinities.</summary>
    /// <exception cref="ArgumentException">The chart's parts do not fit together in number.</exception>
    public string ToSvg()
    {
        var svg = new SvgWriter();
        svg.Open(PixelWidth, PixelHeight, Title.Length > 0 ? Title : DefaultTitle);
        Draw(svg);
        svg.Close();
        return svg.ToString();
    }

    private protected double PixelWidth => Math.Max(200, Width);

    private protected double PixelHeight => Math.Max(150, Height);

    private protected abstract string DefaultTitle { get; }

    private protected abstract void Draw(SvgWriter svg);
}
