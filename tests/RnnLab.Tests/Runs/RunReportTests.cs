using System.Xml.Linq;
using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.Runs;

public sealed class RunReportTests
{
    private static RunDirectory Sample(TemporaryFolder folder)
    {
        var run = RunDirectory.Create(folder.Path, "quick");
        AtomicFile.WriteText(run.ConfigPath, "task: {text: \"<a & b>\"}\n");
        EnvironmentRecord.Capture("bridge", "1.13.1", "cpu", 2, folder.Path).Write(run.EnvironmentPath);
        using var writer = new MetricsWriter(run, 1);
        for (var step = 1; step <= 20; step++)
        {
            writer.Write(new MetricsRow(step, step / 10.0, 5.0 / step, step % 5 == 0 ? 6.0 / step : null, 2e-3, 100.0 / (step * step), 1000 + step, step));
        }
        File.WriteAllText(Path.Combine(run.SamplesPath, "step-1000.txt"), "later");
        File.WriteAllText(Path.Combine(run.SamplesPath, "step-900.txt"), "<script>alert('x')</script>\0\u001b[0m");
        return run;
    }

    [Fact]
    public void A_report_holds_figures_curves_references_samples_config_and_environment()
    {
        using var folder = new TemporaryFolder();
        var run = Sample(folder);
        MetricsFile.Complete(run);
        var html = File.ReadAllText(RunReport.Write(run, new ReportExtras { Figures = [("bits a character", "1.234")], References = [("bigram", 2.48)] }));
        string[] expected =
        [
            "<h1>quick ", "bits a character</th><td>1.234", "complete</td>", "best validation loss</th><td>0.3000 nats at step 20", "20 (2 epochs)",
            "bigram</th><td>2.4800 nats", "task: {text: &quot;&lt;a &amp; b&gt;&quot;}", "backend</th><td>bridge", "&lt;script&gt;", "\u2400\u241b[0m",
        ];
        Assert.All(expected, text => Assert.Contains(text, html, StringComparison.Ordinal));
        Assert.Equal(3, html.Split("<svg ").Length - 1);
        Assert.Contains(">validation</text>", html, StringComparison.Ordinal);
        Assert.Contains(">bigram</text>", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("step-900.txt", StringComparison.Ordinal) < html.IndexOf("step-1000.txt", StringComparison.Ordinal));
    }

    [Fact]
    public void A_report_refers_to_nothing_outside_itself_and_runs_nothing()
    {
        using var folder = new TemporaryFolder();
        var html = RunReport.Html(Sample(folder), new ReportExtras()).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);
        Assert.All(["http", "<script", "src=", "href=", "@import", "url("], text => Assert.DoesNotContain(text, html, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void The_same_files_give_the_same_report()
    {
        using var folder = new TemporaryFolder();
        var run = Sample(folder);
        Assert.Equal(RunReport.Html(run, new ReportExtras()), RunReport.Html(RunDirectory.Open(run.Path), new ReportExtras()));
    }

    [Fact]
    public void A_run_without_any_metrics_has_a_report()
    {
        using var folder = new TemporaryFolder();
        var html = RunReport.Html(RunDirectory.Create(folder.Path, "new"), new ReportExtras { Title = "A < B" });
        Assert.Contains("<h1>A &lt; B</h1>", html, StringComparison.Ordinal);
        Assert.Contains("not complete", html, StringComparison.Ordinal);
        Assert.Contains("no data", html, StringComparison.Ordinal);
        // All that is written is well-formed XML, but for the document type and HTML's two void elements.
        var xml = html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal).Replace("charset=\"utf-8\">", "/>", StringComparison.Ordinal)
            .Replace("initial-scale=1\">", "\"/>", StringComparison.Ordinal);
        Assert.Equal("html", XDocument.Parse(xml).Root!.Name.LocalName);
    }

    [Fact]
    public void Samples_are_ordered_by_the_numbers_in_their_names()
    {
        string[] names = ["b", "step-1000", "step-9", "a2", "a10", "a02", "step-"];
        Assert.Equal(["a02", "a2", "a10", "b", "step-", "step-9", "step-1000"], names.Order(NaturalOrder.Instance));
    }
}
