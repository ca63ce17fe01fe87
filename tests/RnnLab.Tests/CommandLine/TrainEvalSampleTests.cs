using System.Globalization;
using System.Text.Json;
using RnnLab.Experiments;
using RnnLab.Experiments.Configuration;
using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.CommandLine;

/// <summary>An experiment and a run of it that is complete.</summary>
public sealed class CompleteRun : IDisposable
{
    public CompleteRun() => Path = Experiment.Train();

    public SmallExperiment Experiment { get; } = new();

    public string Path { get; }

    public void Dispose() => Experiment.Dispose();
}

public sealed class TrainEvalSampleTests(CompleteRun run) : IClassFixture<CompleteRun>
{
    private RunDirectory Folder { get; } = RunDirectory.Open(run.Path);

    [Fact]
    public void A_run_s_folder_holds_what_the_documents_say()
    {
        Assert.Equal(run.Experiment.PathOf("runs/small"), Path.GetDirectoryName(run.Path));
        var files = Directory.EnumerateFiles(run.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(run.Path, f).Replace('\\', '/'));
        string[] expected =
        [
            "checkpoints/best.json", "checkpoints/last.json", "config.yaml", "environment.json", "lock", "metrics.1.jsonl", "metrics.jsonl",
            "report.html", "samples/step-00000008.txt", "samples/step-00000016.txt", "samples/step-00000024.txt", "text.json",
        ];
        Assert.Equal(expected, files.Where(f => !f.EndsWith(".safetensors", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("<svg", File.ReadAllText(Folder.ReportPath), StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(Folder.SamplesPath), f => Assert.Equal(40, File.ReadAllText(f).Length));
    }

    [Fact]
    public void The_checkpoints_folder_holds_the_tensors_that_its_checkpoints_name_and_no_others()
    {
        var store = new CheckpointStore(Folder);
        var named = new[] { CheckpointStore.Last, CheckpointStore.Best }.Select(store.Read).SelectMany(r => new[] { r.Model, r.State }).OfType<TensorFile>();
        var there = Directory.EnumerateFiles(Folder.CheckpointsPath, "*.safetensors").Select(Path.GetFileName);
        Assert.Equal(named.Select(f => f.File).Distinct().Order(), there.Order());
        Assert.Equal(SmallExperiment.Steps, store.Read(CheckpointStore.Last).Trainer.Step);
    }

    [Fact]
    public void The_resolved_config_gives_itself_when_it_is_read_again()
    {
        var config = ExperimentConfig.Load(Folder.ConfigPath);
        Assert.Equal(File.ReadAllText(Folder.ConfigPath), YamlText.Write(config.ToTree()));
        Assert.Equal("small", config.Name);
        Assert.Equal(run.Experiment.PathOf("text.txt"), ((TextTaskConfig)config.Task).Text);
        Assert.Equal(20, config.Training.K2);
    }

    [Fact]
    public void The_environment_is_recorded()
    {
        using var record = JsonDocument.Parse(File.ReadAllText(Folder.EnvironmentPath));
        Assert.Equal("cpu", record.RootElement.GetProperty("device").GetString());
        Assert.Equal(1, record.RootElement.GetProperty("threads").GetInt32());
        Assert.NotEqual("", record.RootElement.GetProperty("libtorch").GetString());
    }

    [Fact]
    public void The_metrics_have_a_row_at_each_logging_step_and_a_validation_loss_at_each_evaluation()
    {
        var rows = MetricsReader.Read(Folder.MetricsPath);
        Assert.Equal(File.ReadAllBytes(Folder.AttemptMetricsPath(1)), File.ReadAllBytes(Folder.MetricsPath));
        Assert.Equal([2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24], rows.Select(r => r.Step));
        Assert.Equal([8, 16, 24], rows.Where(r => r.ValLoss is not null).Select(r => r.Step));
        Assert.All(rows, r => Assert.Equal(1e-2, r.LearningRate));
        Assert.True(rows[^1].ValLoss < rows[3].ValLoss, "it learns nothing");
    }

    [Fact]
    public void Eval_measures_what_training_measured()
    {
        var rows = MetricsReader.Read(Folder.MetricsPath);
        var output = run.Experiment.Call("eval", run.Path, "--checkpoint", "last").Succeeded().Output;
        // Printed with six decimals.
        Assert.Equal(rows[^1].ValLoss!.Value, Figure(output, "cross-entropy"), 1e-6);
        Assert.Equal(Figure(output, "cross-entropy") / Math.Log(2), Figure(output, "bits"), 2e-6);
        Assert.Equal(Math.Exp(Figure(output, "cross-entropy")), Figure(output, "perplexity"), 1e-3);
        Assert.Equal(SmallExperiment.Steps, Figure(output, "checkpoint       step"));
        Assert.Equal(new CheckpointStore(Folder).Read(CheckpointStore.Best).Trainer.Step, Figure(run.Experiment.Call("eval", run.Path).Output, "checkpoint       step"));
    }

    [Fact]
    public void Eval_takes_any_text_of_known_characters_and_counts_all_but_the_first()
    {
        var text = File.ReadAllText(run.Experiment.PathOf("text.txt"));
        File.WriteAllText(run.Experiment.PathOf("other.txt"), text[..501]);
        var exact = run.Experiment.Call("eval", run.Path, "--text", "other.txt", "--batch-size", "1").Succeeded().Output;
        Assert.Equal(500, Figure(exact, "characters"));
        // Cold starts of seven streams cost each a little: against the whole it is a few hundredths of a nat.
        var fast = run.Experiment.Call("eval", run.Path, "--text", "other.txt", "--batch-size", "7").Succeeded().Output;
        Assert.Equal(500, Figure(fast, "characters"));
        Assert.NotEqual(Figure(exact, "cross-entropy"), Figure(fast, "cross-entropy"));
        Assert.Equal(Figure(exact, "cross-entropy"), Figure(fast, "cross-entropy"), 0.1);
        // Chunks are no part of the result: this run's own validation part as a text of its own.
        File.WriteAllText(run.Experiment.PathOf("validation.txt"), text[(int)(text.Length * 0.9)..]);
        Assert.Equal(
            Figure(run.Experiment.Call("eval", run.Path).Succeeded().Output, "cross-entropy"),
            Figure(run.Experiment.Call("eval", run.Path, "--text", "validation.txt").Succeeded().Output, "cross-entropy"));
    }

    [Fact]
    public void A_sample_starts_with_its_prompt_and_is_a_function_of_its_seed()
    {
        var first = Sample("--seed", "5");
        Assert.StartsWith("the fox", first, StringComparison.Ordinal);
        Assert.Equal("the fox".Length + 200 + Environment.NewLine.Length, first.Length);
        Assert.Equal(first, Sample("--seed", "5"));
        Assert.NotEqual(first, Sample("--seed", "6"));
    }

    [Fact]
    public void A_temperature_of_0_and_a_top_k_of_1_take_the_likeliest_character_whatever_the_seed()
    {
        var greedy = Sample("--temperature", "0");
        Assert.Equal(greedy, Sample("--temperature", "0", "--seed", "9"));
        Assert.Equal(greedy, Sample("--top-k", "1", "--seed", "10"));
        Assert.NotEqual(greedy, Sample("--temperature", "1"));
    }

    [Fact]
    public void A_sample_without_a_prompt_starts_after_a_line_feed()
        => Assert.StartsWith("\n", run.Experiment.Call("sample", run.Path, "--length", "5").Succeeded().Output, StringComparison.Ordinal);

    private string Sample(params string[] options)
        => run.Experiment.Call(["sample", run.Path, "--prompt", "the fox", "--length", "200", .. options]).Succeeded().Output;

    private static double Figure(string output, string name)
    {
        var line = output.Split('\n').Single(l => l.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_tape_budget_without_room_for_the_windows_is_refused_before_anything_is_made()
    {
        using var experiment = new SmallExperiment();
        experiment.Call("train", SmallExperiment.Config, "training.k1=150", "training.k2=600", "training.batch_size=1", "training.tape_memory=20")
            .RefusedWith("training.tape_memory=20: a tape of 20 steps has no room: 600 steps in parts of");
        experiment.Call("inspect", "memory", SmallExperiment.Config, "training.k1=150", "training.k2=600", "training.batch_size=1", "training.tape_memory=20")
            .RefusedWith("training.tape_memory=20: a tape of 20 steps has no room");
        Assert.False(Directory.Exists(experiment.PathOf("runs")));
        // The audit's windows are its own.
        experiment.Call("gradcheck", SmallExperiment.Config, "training.batch_size=512", "training.tape_memory=5", "kernel=reference").Succeeded();
    }
}
