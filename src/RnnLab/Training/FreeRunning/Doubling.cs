namespace RnnLab.Training.FreeRunning;

/// <summary>Lengths at which free running is looked at.</summary>
internal static class Doubling
{
    /// <summary>1, 2, 4, … and the limit, which is at least 1.</summary>
    public static IEnumerable<int> UpTo(int limit)
    {
        for (var n = 1L; n < limit; n *= 2)
            yield return (int)n;
        yield return limit;
    }
}
