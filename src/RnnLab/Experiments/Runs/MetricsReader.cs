namespace RnnLab.Experiments.Runs;

/// <summary>Reads metrics, of one file or of a run's attempts together.</summary>
public static class MetricsReader
{
    /// <summary>
    /// The rows of all attempts in ascending order of step. Where two attempts have a row for the same step, the later attempt's is
    /// taken: it started again from a checkpoint before that step.
    /// </summary>
    /// <exception cref="RunException">A file cannot be read, or a line other than a file's last is damaged.</exception>
    public static IReadOnlyList<MetricsRow> Merge(RunDirectory run)
    {
        var rows = new SortedDictionary<long, MetricsRow>();
        foreach (var attempt in run.Attempts())
        {
            foreach (var row in Read(run.AttemptMetricsPath(attempt)))
            {
                rows[row.Step] = row;
            }
        }
        return [.. rows.Values];
    }

    /// <summary>The rows of one file in its order. A last line that is cut off, as a killed process leaves it, is passed over.</summary>
    /// <exception cref="RunException">The file cannot be read, or an earlier line is damaged; names the line.</exception>
    public static IReadOnlyList<MetricsRow> Read(string path)
    {
        var lines = Lines(path);
        var rows = new List<MetricsRow>(lines.Length);
        for (var index = 0; index < lines.Length; index++)
        {
            if (MetricsRow.FromJson(lines[index]) is { } row)
            {
                rows.Add(row);
            }
            else if (index < lines.Length - 1)
            {
                throw new RunException($"{path}:{index + 1}: this line is no metrics row");
            }
        }
        return rows;
    }

    private static string[] Lines(string path)
    {
        try
        {
            // Another process may still be appending to it.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            var text = reader.ReadToEnd();
            return text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(path, "cannot be read", exception);
        }
    }
}
