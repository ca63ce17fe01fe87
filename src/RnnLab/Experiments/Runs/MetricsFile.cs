using System.Text;

namespace RnnLab.Experiments.Runs;

/// <summary>The metrics.jsonl of a run that is complete.</summary>
public static class MetricsFile
{
    /// <summary>Writes the merged rows of all attempts, whole, and returns them.</summary>
    /// <exception cref="RunException">An attempt's file is damaged, or metrics.jsonl cannot be written.</exception>
    public static IReadOnlyList<MetricsRow> Complete(RunDirectory run)
    {
        var rows = MetricsReader.Merge(run);
        AtomicFile.Write(run.MetricsPath, stream =>
        {
            foreach (var row in rows)
            {
                stream.Write(Encoding.UTF8.GetBytes(row.ToJson() + "\n"));
            }
        });
        return rows;
    }
}
