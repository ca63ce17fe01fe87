using System.Diagnostics;
using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.Runs;

public sealed class RunDirectoryTests
{
    [Fact]
    public void A_run_has_the_documented_layout()
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "quickstart", new ManualClock(), () => 0xab);
        Assert.Equal(folder.File("quickstart/20260304-050607-00ab"), run.Path);
        Assert.Equal("20260304-050607-00ab", run.Id);
        Assert.Equal("quickstart", run.Name);
        Assert.Equal(run.Path + "/config.yaml", run.ConfigPath);
        Assert.Equal(run.Path + "/environment.json", run.EnvironmentPath);
        Assert.Equal(run.Path + "/metrics.2.jsonl", run.AttemptMetricsPath(2));
        Assert.Equal(run.Path + "/metrics.jsonl", run.MetricsPath);
        Assert.Equal(run.Path + "/report.html", run.ReportPath);
        Assert.Equal(run.Path + "/corpus.json", run.RecordPath("corpus"));
        Assert.True(Directory.Exists(run.CheckpointsPath));
        Assert.True(Directory.Exists(run.SamplesPath));
        Assert.Matches(@"^\d{8}-\d{6}-[0-9a-f]{4}$", RunDirectory.Create(folder.Path, "x").Id);
    }

    [Fact]
    public void Runs_that_start_in_the_same_second_get_folders_of_their_own()
    {
        using var folder = new TemporaryFolder();
        var suffixes = new Queue<int>([1, 1, 1, 2]);
        var first = RunDirectory.Create(folder.Path, "x", new ManualClock(), suffixes.Dequeue);
        var second = RunDirectory.Create(folder.Path, "x", new ManualClock(), suffixes.Dequeue);
        Assert.EndsWith("-0001", first.Id, StringComparison.Ordinal);
        Assert.EndsWith("-0002", second.Id, StringComparison.Ordinal);

        var ids = new string[64];
        Parallel.For(0, ids.Length, index => ids[index] = RunDirectory.Create(folder.Path, "y", new ManualClock(), () => Random.Shared.Next(256)).Id);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("a b")]
    public void A_name_that_is_no_folder_name_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("cannot name a run", Assert.Throws<RunException>(() => RunDirectory.Create(folder.Path, name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_root_that_cannot_be_written_is_one_clear_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        var message = Assert.Throws<RunException>(() => RunDirectory.Create(folder.File("file"), "x")).Message;
        Assert.StartsWith(folder.File("file/x") + ": cannot make a run here: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Opening_what_is_no_run_says_so_and_suggests_the_newest_one()
    {
        using var folder = new TemporaryFolder();
        string ErrorOf(string path) => Assert.Throws<RunException>(() => RunDirectory.Open(path)).Message;
        Assert.Equal(folder.File("none") + ": no such run", ErrorOf(folder.File("none")));
        Assert.Equal(folder.Path + ": this is no run: it has no config.yaml", ErrorOf(folder.Path));
        File.WriteAllText(folder.File("file"), "");
        Assert.Equal(folder.File("file") + ": this is a file; expected the folder of a run", ErrorOf(folder.File("file")));

        foreach (var id in (string[])["20260101-000000-0001", "20260201-000000-0001"])
        {
            Directory.CreateDirectory(folder.File(id));
            File.WriteAllText(folder.File(id + "/config.yaml"), "{}");
        }
        Directory.CreateDirectory(folder.File("20260301-000000-0001"));
        Assert.Equal($"{folder.Path}: this is not one run but holds several; the newest is {folder.File("20260201-000000-0001")}", ErrorOf(folder.Path));
        Assert.Equal("20260101-000000-0001", RunDirectory.Open(folder.File("20260101-000000-0001/")).Id);
    }

    [Fact]
    public void Attempts_are_numbered_by_their_metrics_files()
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        Assert.Equal(1, run.NextAttempt());
        foreach (var name in (string[])["metrics.1.jsonl", "metrics.10.jsonl", "metrics.2.jsonl", "metrics.jsonl", "metrics.x.jsonl", "metrics.03.jsonl"])
        {
            File.WriteAllText(Path.Combine(run.Path, name), "");
        }
        Assert.Equal([1, 2, 10], run.Attempts());
        Assert.Equal(11, run.NextAttempt());
    }

    [Fact]
    public void Only_one_writer_holds_a_run_at_a_time()
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        using (run.Lock())
        {
            Assert.Equal(run.Path + ": another process is writing this run", Assert.Throws<RunException>(run.Lock).Message);
        }
        run.Lock().Dispose();
    }

    [Fact]
    public void A_lock_held_by_another_process_is_seen_and_ends_with_it()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/flock"))
        {
            return;
        }
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        var start = new ProcessStartInfo("/usr/bin/flock", ["--no-fork", Path.Combine(run.Path, "lock"), "sh", "-c", "echo held; exec sleep 60"])
        {
            RedirectStandardOutput = true,
        };
        using var other = Process.Start(start)!;
        Assert.Equal("held", other.StandardOutput.ReadLine());
        Assert.Throws<RunException>(run.Lock);
        other.Kill();
        other.WaitForExit();
        run.Lock().Dispose();
    }

    [Fact]
    public void A_lock_in_a_folder_that_is_gone_is_no_other_process()
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        Directory.Delete(run.Path, recursive: true);
        Assert.Equal(run.Path + ": cannot be locked: no such folder", Assert.Throws<RunException>(run.Lock).Message);
    }
}
