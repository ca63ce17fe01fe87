namespace RnnLab.Metrics;

/// <summary>The least number of insertions, deletions and substitutions that make one sequence the other (Levenshtein 1966).</summary>
public static class EditDistance
{
    /// <summary>The distance: O(|a|·|b|) time, O(min(|a|, |b|)) memory.</summary>
    public static int Of(ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        // What both begin or end with takes no edit.
        var begin = a.CommonPrefixLength(b);
        a = a[begin..];
        b = b[begin..];
        var end = 0;
        while (end < Math.Min(a.Length, b.Length) && a[^(end + 1)] == b[^(end + 1)])
            end++;
        a = a[..^end];
        b = b[..^end];
        return a.Length >= b.Length ? Rows(a, b) : Rows(b, a);
    }

    // d(i, j), the distance of the first i of a from the first j of b, a row for each i.
    private static int Rows(ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        var (above, row) = (new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
            above[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                row[j] = a[i - 1] == b[j - 1] ? above[j - 1] : 1 + Math.Min(above[j - 1], Math.Min(above[j], row[j - 1]));
            (above, row) = (row, above);
        }
        return above[^1];
    }
}
