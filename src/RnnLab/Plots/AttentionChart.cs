using System.Globalization;
using System.Text;

namespace RnnLab.Plots;

/// <summary>Attention as a picture: which symbols of the input are looked at while each symbol of the output is said (Bahdanau et al. 2015, figure 3).</summary>
public static class AttentionChart
{
    private const int CellSize = 22;

    /// <summary>
    /// A heat map with a row for each output symbol, a column for each input symbol and colours from 0 to 1. Spaces are shown as ␣, other invisible
    /// characters as U+XXXX.
    /// </summary>
    /// <param name="source">The S input symbols.</param>
    /// <param name="target">The T output symbols; the end mark among them where its weights are.</param>
    /// <param name="weights">α, (T, S), in [0, 1].</param>
    /// <exception cref="ArgumentException">There is not a row of weights for each output symbol, or not a column for each input symbol.</exception>
    public static HeatMap Of(IReadOnlyList<string> source, IReadOnlyList<string> target, double[,] weights)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(weights);
        var (rows, columns) = (weights.GetLength(0), weights.GetLength(1));
        if (rows != target.Count || columns != source.Count)
            throw new ArgumentException($"weights of {rows} by {columns} for {target.Count} output and {source.Count} input symbols", nameof(weights));
        return new()
        {
            Title = "Attention",
            XLabel = "input",
            YLabel = "output",
            Values = weights,
            RowLabels = [.. target.Select(Shown)],
            ColumnLabels = [.. source.Select(Shown)],
            Min = 0,
            Max = 1,
            Width = Math.Clamp(180 + (CellSize * columns), 360, 1600),
            Height = Math.Clamp(180 + (CellSize * rows), 240, 1600),
        };
    }

    private static string Shown(string symbol) => string.Concat(symbol.EnumerateRunes().Select(rune => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.SpaceSeparator when rune.Value == ' ' => "␣",
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => CodePoint(rune),
        UnicodeCategory.Control or UnicodeCategory.Format => CodePoint(rune),
        _ => rune.ToString(),
    }));

    private static string CodePoint(Rune rune) => $"U+{rune.Value:X4}";
}
