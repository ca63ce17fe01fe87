using System.Diagnostics;
using System.Text.Json;
using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.Runs;

public sealed class EnvironmentRecordTests
{
    [Fact]
    public void A_record_is_read_again_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var record = EnvironmentRecord.Capture("bridge", "1.13.1", "cpu", 2, folder.Path);
        record.Write(folder.File("environment.json"));
        Assert.Equal(record, EnvironmentRecord.Read(folder.File("environment.json")));
        Assert.Equal(("bridge", "1.13.1", "cpu", 2), (record.Backend, record.Libtorch, record.Device, record.Threads));
        Assert.Matches(@"^\d+\.\d+\.\d+", record.RnnLab);
        Assert.NotEmpty(record.Cpu);

        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("environment.json")));
        Assert.Equal(
            ["rnnlab", "dotnet", "os", "cpu", "cores", "backend", "libtorch", "device", "threads", "git_commit", "git_dirty", "date", "allow_tf32"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void TF32_is_a_difference_between_two_attempts()
    {
        var record = EnvironmentRecord.Capture("cuda", "2.10.0", "cuda", 2, Path.GetTempPath()) with { AllowTf32 = false };
        Assert.Null((record with { AllowTf32 = null }).Difference(record));
        Assert.Equal("allow_tf32 False, now True", record.Difference(record with { AllowTf32 = true }));
    }

    [Fact]
    public void Outside_a_checkout_there_is_no_commit()
    {
        using var folder = new TemporaryFolder();
        var record = EnvironmentRecord.Capture("cpu", "2.10.0", "cpu", 1, folder.Path);
        Assert.Null(record.GitCommit);
        Assert.Null(record.GitDirty);
    }

    [Fact]
    public void A_checkout_has_its_commit_and_whether_tracked_files_differ()
    {
        using var folder = new TemporaryFolder();
        if (!Git(folder.Path, "init", "-q"))
        {
            return;
        }
        File.WriteAllText(folder.File("a.txt"), "one");
        Git(folder.Path, "add", "a.txt");
        Git(folder.Path, "-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-q", "-m", "m");
        File.WriteAllText(folder.File("untracked.txt"), "");
        var clean = EnvironmentRecord.Capture("cpu", "2.10.0", "cpu", 1, folder.Path);
        Assert.Matches("^[0-9a-f]{40}$", clean.GitCommit);
        Assert.False(clean.GitDirty);
        File.WriteAllText(folder.File("a.txt"), "two");
        Assert.True(EnvironmentRecord.Capture("cpu", "2.10.0", "cpu", 1, folder.Path).GitDirty);
    }

    [Fact]
    public void A_damaged_record_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("e.json"), "{");
        Assert.Equal(folder.File("e.json") + ": this is no environment record", Assert.Throws<RunException>(() => EnvironmentRecord.Read(folder.File("e.json"))).Message);
    }

    private static bool Git(string folder, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = folder })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
