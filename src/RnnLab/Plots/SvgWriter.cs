using System.Globalization;
using System.Text;

namespace RnnLab.Plots;

/// <summary>Writes SVG elements; numbers have at most two decimals and no culture, so equal charts give equal text.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    public static string Number(double value)
    {
        var text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    /// <summary>Escapes a text for XML, in elements and attributes; what XML 1.0 cannot hold becomes U+FFFD.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\t' or '\n' or '\r' => " ",
                < 0x20 or 0xFFFE or 0xFFFF => "\uFFFD",
                _ => rune.ToString(),
            });
        }
        return escaped.ToString();
    }

    public void Open(double width, double height, string title)
    {
        var (w, h) = (Number(width), Number(height));
        _text.Append($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" """)
            .Append("style=\"max-width:100%;height:auto\" font-family=\"system-ui,'Segoe UI','DejaVu Sans',sans-serif\" font-size=\"12\">\n")
            .Append($"<title>{Escape(title)}</title>\n");
    }

    public void Close() => _text.Append("</svg>\n");

    public void Line(double x1, double y1, double x2, double y2, string colour, double width = 1, double opacity = 1, string? dashes = null) =>
        _text.Append($"""<line x1="{Number(x1)}" y1="{Number(y1)}" x2="{Number(x2)}" y2="{Number(y2)}" """)
            .Append($"""stroke="{colour}" stroke-width="{Number(width)}"{Opacity(opacity)}{Dashes(dashes)}/>""")
            .Append('\n');

    public void Polyline(IEnumerable<(double X, double Y)> points, string colour, string? dashes = null) =>
        _text.Append("<polyline points=\"")
            .AppendJoin(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"))
            .Append("\" fill=\"none\"").Append($""" stroke="{colour}" stroke-width="1.8" stroke-linejoin="round"{Dashes(dashes)}/>""")
            .Append('\n');

    public void Circle(double x, double y, double radius, string colour) =>
        _text.Append($"""<circle cx="{Number(x)}" cy="{Number(y)}" r="{Number(radius)}" fill="{colour}"/>""").Append('\n');

    public void Rectangle(double x, double y, double width, double height, string colour, double opacity = 1) =>
        _text.Append($"""<rect x="{Number(x)}" y="{Number(y)}" width="{Number(width)}" height="{Number(height)}" """)
            .Append($"""fill="{colour}"{Opacity(opacity)}/>""")
            .Append('\n');

    /// <summary>A filled path without smoothed edges, for cells that touch.</summary>
    public void Cells(string path, string colour, double opacity = 1) =>
        _text.Append($"""<path d="{path}" fill="{colour}"{Opacity(opacity)} shape-rendering="crispEdges"/>""").Append('\n');

    public void Text(double x, double y, string text, Anchor anchor, double size = 12, bool bold = false, double angle = 0, string? colour = null) =>
        _text.Append($"""<text x="{Number(x)}" y="{Number(y)}" fill="{colour ?? Palette.Ink}" font-size="{Number(size)}" """)
            .Append($"""text-anchor="{AnchorName(anchor)}"{(bold ? " font-weight=\"600\"" : "")}""")
            .Append(angle == 0 ? "" : $" transform=\"rotate({Number(angle)} {Number(x)} {Number(y)})\"")
            .Append($">{Escape(text)}</text>\n");

    private static string Opacity(double opacity) => opacity == 1 ? "" : $" opacity=\"{Number(opacity)}\"";

    private static string Dashes(string? dashes) => dashes is null ? "" : $" stroke-dasharray=\"{dashes}\"";

    private static string AnchorName(Anchor anchor) => anchor switch { Anchor.Start => "start", Anchor.Middle => "middle", _ => "end" };
}

/// <summary>Which end of a text lies at its position.</summary>
internal enum Anchor
{
    Start,
    Middle,
    End,
}
