using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RnnLab.Experiments.Runs;

/// <summary>
/// The report.html of a run: one file with its figures, curves, configuration, environment and samples. It is made from the run's other
/// files and the given extras alone, so the same files give the same report, at any time, also while the run goes on.
/// </summary>
public static class RunReport
{
    private const int LongestSample = 20_000;
    private const int MostSamples = 20;

    private const string Style =
        """
        :root { color-scheme: light dark; }
        body { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; line-height: 1.45; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: 1rem; }
        table { border-collapse: collapse; }
        th, td { text-align: left; vertical-align: top; padding: 0.15rem 1.5rem 0.15rem 0; font-weight: normal; }
        th { color: #767676; } td { font-variant-numeric: tabular-nums; }
        pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; padding: 0.75rem; border: 1px solid #76767666; border-radius: 4px; }
        svg { display: block; margin: 1rem 0; }
        """;

    /// <summary>Writes the report and returns its path.</summary>
    /// <exception cref="RunException">A file of the run cannot be read or is damaged, or the report cannot be written.</exception>
    public static string Write(RunDirectory run, ReportExtras? extras = null)
    {
        AtomicFile.WriteText(run.ReportPath, Html(run, extras ?? new ReportExtras()));
        return run.ReportPath;
    }

    internal static string Html(RunDirectory run, ReportExtras extras)
    {
        var rows = MetricsReader.Merge(run);
        var title = HtmlText.Escape(extras.Title ?? $"{run.Name} {run.Id}");
        var html = new StringBuilder()
            .Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{title}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{title}</h1>\n")
            .Append("<h2>Figures</h2>\n").Append(HtmlText.Table([.. extras.Figures, .. Figures(run, rows, extras)]));
        html.Append("<h2>Curves</h2>\n");
        foreach (var chart in RunCharts.Of(rows, extras).Concat(extras.Charts))
        {
            html.Append(chart.ToSvg());
        }
        AppendSamples(html, run);
        if (File.Exists(run.ConfigPath))
        {
            html.Append("<h2>Configuration</h2>\n<pre>").Append(HtmlText.Escape(ReadText(run.ConfigPath))).Append("</pre>\n");
        }
        if (File.Exists(run.EnvironmentPath))
        {
            html.Append("<h2>Environment</h2>\n").Append(HtmlText.Table(EnvironmentRows(run.EnvironmentPath)));
        }
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static IEnumerable<(string Name, string Value)> Figures(RunDirectory run, IReadOnlyList<MetricsRow> rows, ReportExtras extras)
    {
        yield return ("state", File.Exists(run.MetricsPath) ? "complete" : "not complete");
        if (rows is not [.., var last])
        {
            yield break;
        }
        yield return ("steps", Shown($"{last.Step} ({last.Epoch:0.##} epochs)"));
        yield return ("last training loss", Shown($"{last.TrainLoss:0.0000} {extras.LossUnit}"));
        MetricsRow[] validated = [.. rows.Where(row => row.ValLoss is not null)];
        if (validated is [.., var lastValidated])
        {
            var best = validated.MinBy(row => row.ValLoss)!;
            yield return ("last validation loss", Shown($"{lastValidated.ValLoss:0.0000} {extras.LossUnit}"));
            yield return ("best validation loss", Shown($"{best.ValLoss:0.0000} {extras.LossUnit} at step {best.Step}"));
        }
        foreach (var (label, loss) in extras.References)
        {
            yield return (label, Shown($"{loss:0.0000} {extras.LossUnit}"));
        }
        var speeds = rows.Select(row => row.Throughput).Order().ToArray();
        yield return ("throughput, median", Shown($"{speeds[speeds.Length / 2]:0} {extras.ThroughputUnit}"));
        yield return ("time of the last attempt", Shown($"{last.Time:0.0} s"));
        yield return ("attempts", Shown($"{run.Attempts().Count}"));
    }

    private static void AppendSamples(StringBuilder html, RunDirectory run)
    {
        if (!Directory.Exists(run.SamplesPath))
        {
            return;
        }
        string[] names = [.. Directory.EnumerateFiles(run.SamplesPath)
            .Where(path => !path.EndsWith(".tmp", StringComparison.Ordinal))
            .Select(path => Path.GetFileName(path)).Order(NaturalOrder.Instance)];
        if (names.Length == 0)
        {
            return;
        }
        html.Append("<h2>Samples</h2>\n");
        if (names.Length > MostSamples)
        {
            html.Append(CultureInfo.InvariantCulture, $"<p>The last {MostSamples} of {names.Length}; all are in the run's folder.</p>\n");
        }
        foreach (var name in names.TakeLast(MostSamples))
        {
            var text = ReadText(Path.Combine(run.SamplesPath, name));
            if (name.EndsWith(".svg", StringComparison.Ordinal))
            {
                html.Append(CultureInfo.InvariantCulture, $"<h3>{HtmlText.Escape(name)}</h3>\n").Append(text);
                continue;
            }
            var isCut = text.Length > LongestSample;
            html.Append(CultureInfo.InvariantCulture, $"<h3>{HtmlText.Escape(name)}</h3>\n<pre>")
                .Append(HtmlText.Escape(isCut ? text[..LongestSample] : text)).Append(isCut ? "\u2026" : "").Append("</pre>\n");
        }
    }

    private static IEnumerable<(string Name, string Value)> EnvironmentRows(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(ReadText(path));
            return [.. json.RootElement.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null)
                .Select(property => (property.Name, property.Value.ToString()))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new RunException($"{path}: this is no environment record", exception);
        }
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(path, "cannot be read", exception);
        }
    }

    private static string Shown(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
