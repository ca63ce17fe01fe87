namespace RnnLab.Experiments.Configuration;

/// <summary>Finds the word that a misspelt one was most likely meant to be.</summary>
public static class Spelling
{
    /// <summary>
    /// The candidate nearest to <paramref name="word"/> by <see cref="Distance"/>, case aside, or null where none is within a third of
    /// the word's length (at least one, at most three edits). Of equally near ones the first is returned.
    /// </summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var limit = Math.Clamp(word.Length / 3, 1, 3);
        var lower = word.ToLowerInvariant();
        string? nearest = null;
        foreach (var candidate in candidates)
        {
            var distance = Distance(lower, candidate.ToLowerInvariant());
            // A key that only starts with the word (hidden for hidden_size) is near as well, behind every true near miss.
            if (distance > limit && nearest is null && lower.Length >= 4 && candidate.StartsWith(lower, StringComparison.Ordinal))
            {
                nearest = candidate;
            }
            if (distance <= limit)
            {
                nearest = candidate;
                limit = distance - 1;
            }
        }
        return nearest;
    }

    /// <summary>
    /// The Damerau-Levenshtein distance in its restricted form (optimal string alignment): the least number of insertions, deletions,
    /// substitutions and swaps of neighbours, no piece being edited twice.
    /// </summary>
    public static int Distance(string a, string b)
    {
        int[] beforePrevious = new int[b.Length + 1], previous = new int[b.Length + 1], current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var best = Math.Min(substituted, Math.Min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    best = Math.Min(best, beforePrevious[j - 2] + 1);
                }
                current[j] = best;
            }
            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }
        return previous[b.Length];
    }
}
