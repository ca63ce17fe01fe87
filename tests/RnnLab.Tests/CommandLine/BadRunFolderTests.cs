using RnnLab.Experiments;
using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.CommandLine;

/// <summary>Folders that a run cannot be written to.</summary>
public sealed class BadRunFolderTests(SmallExperiment experiment) : IClassFixture<SmallExperiment>
{
    [Fact]
    public void A_file_in_the_way_is_told()
        => experiment.Call("train", SmallExperiment.Config, "--runs", SmallExperiment.Config).RefusedWith("small.yaml/small: cannot make a run here: ");

    [LinuxFact]
    public void A_folder_that_cannot_be_made_is_told()
        => experiment.Call("train", SmallExperiment.Config, "--runs", "/proc/runs").RefusedWith("/proc/runs/small: cannot make a run here: ");

    [FullDiskTheory]
    [MemberData(nameof(Sizes))]
    public void A_full_disk_is_told_and_what_is_there_stays_whole(int kilobytes)
    {
        var result = OnSmallDisk(kilobytes, out var saved);
        result.RefusedWith(": No space left on device");
        Assert.Empty(Directory.EnumerateFiles(saved, "*.tmp", SearchOption.AllDirectories));
        // Where there was no room for the config there is no run.
        foreach (var run in Directory.EnumerateDirectories(Path.Combine(saved, "small")))
            RequireWhole(run);
    }

    // Each size ends at another file: the config, the environment, the metrics, the model or the state of the first checkpoint (60 KiB together) or of
    // the second, which is there beside the first for a while, and what comes at an evaluation.
    public static TheoryData<int> Sizes => [4, 8, 12, 16, 56, 100, 140, 152];

    private ProgramResult OnSmallDisk(int kilobytes, out string saved)
    {
        var (disk, copy) = (experiment.PathOf($"disk-{kilobytes}"), experiment.PathOf($"saved-{kilobytes}"));
        Directory.CreateDirectory(disk);
        // The disk is seen in its own namespace alone and is gone with it, so its files are copied out first.
        const string script = """
            mount -t tmpfs -o size="$1k" tmpfs "$2" || exit 99
            disk=$2 copy=$3
            shift 3
            "$@"
            code=$?
            cp -a "$disk" "$copy"
            exit $code
            """;
        string[] train = ["train", SmallExperiment.Config, "--runs", disk, "training.log_interval=1", "training.steps=100"];
        using var program = RnnlabProgram.StartCommand(
            experiment.Path, [.. FullDiskTheoryAttribute.OwnMounts, "sh", "-c", script, "sh", $"{kilobytes}", disk, copy, .. RnnlabProgram.Command, .. train]);
        saved = copy;
        return program.Finish();
    }

    private static void RequireWhole(string path)
    {
        var run = RunDirectory.Open(path);
        var rows = MetricsReader.Merge(run);
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(i => (long)i), rows.Select(r => r.Step));
        var store = new CheckpointStore(run);
        foreach (var name in new[] { CheckpointStore.Last, CheckpointStore.Best }.Where(store.Has))
        {
            Assert.InRange(store.Read(name).Trainer.Step, 1, rows.Count);
            SavedRun.Open(path, name).Dispose();
        }
        // With room to write to, it goes on.
        using var resumed = TrainingRun.Resume(path, null, []);
        Assert.Equal(TrainingOutcome.Completed, resumed.Train(new ProgressLine(TextWriter.Null, terminal: false, resumed.TotalSteps), CancellationToken.None));
    }
}
