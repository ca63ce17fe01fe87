using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RnnLab.Experiments;
using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.CommandLine;

/// <summary>Checkpoints that are damaged, missing, or belong to another model.</summary>
public sealed class BadCheckpointTests(CompleteRun complete) : IClassFixture<CompleteRun>
{
    private readonly SmallExperiment _experiment = complete.Experiment;

    [Fact]
    public void A_flipped_byte_is_noticed()
    {
        var run = _experiment.CopyOf(complete.Path);
        foreach (var file in Tensors(run))
        {
            var bytes = File.ReadAllBytes(file);
            bytes[bytes.Length * 3 / 4] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
        const string message = ".safetensors: this checkpoint is damaged: its SHA-256 is not the one recorded when it was written";
        RefusedByAll(run, message);
        Assert.Equal("", _experiment.Call("eval", run).RefusedWith(message).Output);
        Assert.Equal("", _experiment.Call("sample", run, "--prompt", "a").RefusedWith(message).Output);
        Assert.Equal("", _experiment.Call("train", "--resume", run, "training.steps=40").RefusedWith(message).Output);
    }

    [Fact]
    public void A_truncated_file_is_noticed()
    {
        var run = _experiment.CopyOf(complete.Path);
        foreach (var file in Tensors(run))
            File.WriteAllBytes(file, File.ReadAllBytes(file)[..1000]);
        RefusedByAll(run, ".safetensors: this checkpoint is damaged: its SHA-256 is not the one recorded when it was written");
    }

    [Fact]
    public void A_state_that_is_damaged_is_noticed_by_who_needs_it()
    {
        var run = _experiment.CopyOf(complete.Path);
        var state = Assert.Single(Tensors(run), f => Path.GetFileName(f).StartsWith("state-", StringComparison.Ordinal));
        File.WriteAllBytes(state, [.. File.ReadAllBytes(state), 0]);
        Refused(".safetensors: this checkpoint is damaged", () => Resume(run));
        SavedRun.Open(run).Dispose();
    }

    [Fact]
    public void A_file_that_holds_no_tensors_is_refused()
    {
        var run = _experiment.CopyOf(complete.Path);
        ReplaceModel(run, "these are no tensors, but their SHA-256 is right"u8.ToArray());
        RefusedByAll(run, ".safetensors");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"trainer\": {\"step\": 24")]
    [InlineData("[1, 2]")]
    [InlineData("null")]
    public void A_damaged_record_is_noticed(string json)
    {
        var run = _experiment.CopyOf(complete.Path);
        File.WriteAllText(Checkpoint(run, "last"), json);
        File.WriteAllText(Checkpoint(run, "best"), json);
        RefusedByAll(run, ".json: this ");
    }

    [Fact]
    public void A_record_that_is_cut_off_is_noticed()
    {
        var run = _experiment.CopyOf(complete.Path);
        foreach (var name in new[] { "last", "best" })
            File.WriteAllText(Checkpoint(run, name), File.ReadAllText(Checkpoint(run, name))[..^20]);
        RefusedByAll(run, ".json: this checkpoint is damaged: it is not the JSON that was written");
    }

    [Fact]
    public void A_missing_checkpoint_is_told()
    {
        var run = _experiment.CopyOf(complete.Path);
        File.Delete(Checkpoint(run, "best"));
        Refused("this run has no best checkpoint yet", () => SavedRun.Open(run, CheckpointStore.Best));
        SavedRun.Open(run).Dispose();
        File.Delete(Checkpoint(run, "last"));
        Refused("this run has no last checkpoint yet", () => SavedRun.Open(run));
    }

    [Fact]
    public void Missing_tensors_are_told()
    {
        var run = _experiment.CopyOf(complete.Path);
        foreach (var file in Tensors(run))
            File.Delete(file);
        RefusedByAll(run, ".safetensors: cannot be read: no such file");
    }

    [Theory]
    [InlineData("weight_ih_l0 is Float32 (64, 8), expected Float32 (68, 8)", "model.hidden_size=17")]
    [InlineData("its cell is lstm, the config's is gru", "model.cell=gru")]
    [InlineData("its cell is lstm, the config's is lstm_peephole", "model.cell=lstm_peephole")]
    [InlineData("it has no rnn.weight_ih_l2", "model.num_layers=3")]
    [InlineData("it has a rnn.", "model.num_layers=1", "model.dropout=0")]
    [InlineData("embedding.weight is Float32 ", "dtype=float64")]
    public void A_checkpoint_of_another_model_is_refused(string message, params string[] overrides)
    {
        var other = _experiment.Train(["training.steps=2", .. overrides]);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(other, "checkpoints")))
            File.Delete(file);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(complete.Path, "checkpoints")))
            File.Copy(file, Path.Combine(other, "checkpoints", Path.GetFileName(file)));
        RefusedByAll(other, "this checkpoint belongs to another model: ");
        RefusedByAll(other, message);
    }

    [Fact]
    public void The_state_of_another_optimiser_is_refused()
    {
        var other = _experiment.Train("training.optimizer={name: rmsprop}");
        var run = _experiment.CopyOf(complete.Path);
        Directory.Delete(RunDirectory.Open(run).CheckpointsPath, recursive: true);
        Directory.Move(RunDirectory.Open(other).CheckpointsPath, RunDirectory.Open(run).CheckpointsPath);
        Refused("this checkpoint belongs to another model: optimiser state ", () => Resume(run));
    }

    [Theory]
    [InlineData("text.json", "{", "text.json: this record is damaged")]
    [InlineData("text.json", "{}", "text.json: this record is damaged")]
    [InlineData("config.yaml", "model: {", "config.yaml:")]
    [InlineData("config.yaml", "", "config.yaml: the file is empty")]
    public void A_damaged_record_of_the_run_is_told(string file, string text, string message)
    {
        var run = _experiment.CopyOf(complete.Path);
        File.WriteAllText(Path.Combine(run, file), text);
        RefusedByAll(run, message);
    }

    [Fact]
    public void Damaged_metrics_are_told_with_their_line()
    {
        var run = _experiment.CopyOf(complete.Path);
        var path = RunDirectory.Open(run).AttemptMetricsPath(1);
        var lines = File.ReadAllLines(path);
        lines[2] = lines[2][..10];
        File.WriteAllLines(path, lines);
        _experiment.Call("train", "--resume", run, "training.steps=30").RefusedWith("metrics.1.jsonl:3: this line is no metrics row");
    }

    // What eval and sample start with, and what train --resume does.
    private static void RefusedByAll(string run, string message)
    {
        Refused(message, () => SavedRun.Open(run));
        Refused(message, () => Resume(run));
    }

    private static TrainingRun Resume(string run) => TrainingRun.Resume(run, null, ["training.steps=40"]);

    private static void Refused(string message, Func<IDisposable> open)
    {
        var error = Assert.ThrowsAny<UserException>(open);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private static string Checkpoint(string run, string name) => new CheckpointStore(RunDirectory.Open(run)).PathOf(name);

    private static IEnumerable<string> Tensors(string run) => Directory.EnumerateFiles(RunDirectory.Open(run).CheckpointsPath, "*.safetensors");

    private static void ReplaceModel(string run, byte[] bytes)
    {
        foreach (var name in new[] { "last", "best" })
        {
            var record = JsonNode.Parse(File.ReadAllText(Checkpoint(run, name)))!;
            var model = record["model"]!;
            File.WriteAllBytes(Path.Combine(RunDirectory.Open(run).CheckpointsPath, model["file"]!.GetValue<string>()), bytes);
            model["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes));
            File.WriteAllText(Checkpoint(run, name), record.ToJsonString());
        }
    }
}
