namespace RnnLab.Plots;

/// <summary>Keeps a curve of very many points small.</summary>
internal static class PixelColumns
{
    /// <summary>
    /// Of each run of points in the same half-pixel column only the first, the lowest, the highest and the last are kept, in their order:
    /// what is drawn looks the same.
    /// </summary>
    public static IReadOnlyList<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
    {
        var kept = new List<(double X, double Y)>();
        for (var start = 0; start < points.Count;)
        {
            int end = start + 1, lowest = start, highest = start;
            for (; end < points.Count && Column(points[end]) == Column(points[start]); end++)
            {
                lowest = points[end].Y > points[lowest].Y ? end : lowest;
                highest = points[end].Y < points[highest].Y ? end : highest;
            }
            kept.AddRange(new SortedSet<int> { start, lowest, highest, end - 1 }.Select(index => points[index]));
            start = end;
        }
        return kept;
    }

    private static double Column((double X, double Y) point) => Math.Floor(2 * point.X);
}
