using System.Globalization;
using System.Xml.Linq;
using RnnLab.Plots;

namespace RnnLab.Tests.Plots;

/// <summary>A chart's SVG, parsed.</summary>
internal sealed class Svg
{
    private static readonly XNamespace Space = "http://www.w3.org/2000/svg";

    private readonly XElement _root;

    public Svg(Chart chart)
    {
        Text = chart.ToSvg();
        _root = XDocument.Parse(Text).Root!;
    }

    public string Text { get; }

    public string Title => _root.Element(Space + "title")!.Value;

    public IReadOnlyList<string> Labels => [.. Of("text").Select(element => element.Value)];

    public IEnumerable<XElement> Of(string name) => _root.Descendants(Space + name);

    public static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    public static (double X, double Y)[] Points(XElement polyline) =>
    [
        .. polyline.Attribute("points")!.Value.Split(' ').Select(point => point.Split(','))
            .Select(point => (double.Parse(point[0], CultureInfo.InvariantCulture), double.Parse(point[1], CultureInfo.InvariantCulture))),
    ];
}
