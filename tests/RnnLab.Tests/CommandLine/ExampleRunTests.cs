using System.Globalization;
using RnnLab.Experiments;
using RnnLab.Experiments.Configuration;
using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.CommandLine;

/// <summary>Runs of tasks with examples, from training to resuming.</summary>
public sealed class ExampleRunTests(SmallExamples examples) : IClassFixture<SmallExamples>
{
    public static TheoryData<string> Configs => [SmallExamples.Reversal, SmallExamples.Adding, SmallExamples.Series, SmallExamples.Pairs];

    [Theory]
    [MemberData(nameof(Configs))]
    public void A_run_s_folder_holds_what_the_documents_say(string config)
    {
        var run = examples.Run(config);
        var files = Directory.EnumerateFiles(run, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(run, f).Replace('\\', '/'));
        // Generated examples are evaluated at 12 and 24; the pairs of a file have epochs too, whose ends are.
        string[] expected =
        [
            "checkpoints/best.json", "checkpoints/last.json", "config.yaml", "environment.json", "lock", "metrics.1.jsonl", "metrics.jsonl", "report.html",
            .. MetricsReader.Read(RunDirectory.Open(run).MetricsPath).Where(row => row.ValLoss is not null).Select(row => $"samples/step-{row.Step:d8}.txt"),
            .. config == SmallExamples.Pairs ? new[] { "task.json" } : [],
        ];
        Assert.Equal(expected, files.Where(f => !f.EndsWith(".safetensors", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var resolved = ExperimentConfig.Load(RunDirectory.Open(run).ConfigPath);
        Assert.Equal(File.ReadAllText(RunDirectory.Open(run).ConfigPath), YamlText.Write(resolved.ToTree()));
    }

    [Theory]
    [InlineData(SmallExamples.Reversal, "exact_match", "token_error_rate")]
    [InlineData(SmallExamples.Adding, "mae", "mse", "within")]
    [InlineData(SmallExamples.Series, "mae", "mse", "persistence_mae", "persistence_mse")]
    [InlineData(SmallExamples.Pairs, "exact_match", "token_error_rate")]
    public void Each_evaluation_s_row_has_the_measures_and_the_report_has_the_last_ones(string config, params string[] measures)
    {
        var run = RunDirectory.Open(examples.Run(config));
        var rows = MetricsReader.Read(run.MetricsPath);
        Assert.Equal(File.ReadAllBytes(run.AttemptMetricsPath(1)), File.ReadAllBytes(run.MetricsPath));
        Assert.Equal(SmallExamples.Steps, rows[^1].Step);
        var evaluated = rows.Where(row => row.ValLoss is not null).ToArray();
        Assert.All(evaluated[..^1], row => Assert.Equal(measures, row.Measures!.Keys));
        Assert.True(evaluated[^1].ValLoss < evaluated[0].ValLoss, "it learns nothing");
        var report = File.ReadAllText(run.ReportPath);
        Assert.All(evaluated[^1].Measures!, measure => Assert.Contains($">{measure.Key}<", report, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SmallExamples.Reversal, "frequencies")]
    [InlineData(SmallExamples.Adding, "memoryless")]
    [InlineData(SmallExamples.Series, "persistence")]
    public void The_baseline_is_printed_and_drawn_beside_the_loss(string config, string baseline)
    {
        var run = RunDirectory.Open(examples.Run(config));
        var level = new PrintedFigures(examples.Eval(config))["", baseline];
        using var experiment = Experiment.Create(ExperimentConfig.Load(run.ConfigPath));
        Assert.Equal(((ExampleExperiment)experiment).Task.Baselines[0].Loss, level, 1e-6);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{level:0.0000}"), File.ReadAllText(run.ReportPath), StringComparison.Ordinal);
        Assert.Contains($"{baseline}</text>", File.ReadAllText(run.ReportPath), StringComparison.Ordinal);
    }

    [Fact]
    public void The_forcing_schedule_s_value_is_logged_where_there_is_one()
    {
        var rows = MetricsReader.Read(RunDirectory.Open(examples.Run(SmallExamples.Reversal)).MetricsPath);
        // max(ε, 1 − c·i) at the i-th update, counted from 0.
        Assert.All(rows, row => Assert.Equal(Math.Max(0.2, 1 - 0.05 * (row.Step - 1)), row.Forcing!.Value, 1e-12));
        Assert.All(MetricsReader.Read(RunDirectory.Open(examples.Run(SmallExamples.Series)).MetricsPath), row => Assert.Equal(0.5, row.Forcing));
        Assert.All(MetricsReader.Read(RunDirectory.Open(examples.Run(SmallExamples.Adding)).MetricsPath), row => Assert.Null(row.Forcing));
    }

    [Fact]
    public void A_series_goes_on_by_itself_at_the_end_beside_persistence()
    {
        var rows = MetricsReader.Read(RunDirectory.Open(examples.Run(SmallExamples.Series)).MetricsPath);
        Assert.DoesNotContain("mse_at_1", rows.First(row => row.ValLoss is not null).Measures!.Keys);
        var last = rows[^1].Measures!;
        int[] horizons = [1, 2, 4, 6];
        Assert.Equal(
            horizons.SelectMany(h => new[] { $"mse_at_{h}", $"persistence_mse_at_{h}" }).Order(StringComparer.Ordinal), last.Keys.Where(name => name.Contains("_at_", StringComparison.Ordinal)));
        Assert.True(last["persistence_mse_at_1"] < last["persistence_mse_at_4"], "a sine of 10 steps and more is nearer after one step than after four");
        Assert.Contains("Error of going on by itself", File.ReadAllText(RunDirectory.Open(examples.Run(SmallExamples.Series)).ReportPath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmallExamples.Reversal, "validation")]
    [InlineData(SmallExamples.Adding, "validation")]
    [InlineData(SmallExamples.Series, "validation")]
    [InlineData(SmallExamples.Pairs, "validation", "test")]
    public void Eval_prints_every_set_with_the_figures_that_training_measured(string config, params string[] sets)
    {
        var figures = new PrintedFigures(examples.Eval(config));
        var last = MetricsReader.Read(RunDirectory.Open(examples.Run(config)).MetricsPath)[^1];
        Assert.Equal(sets, figures.Sets);
        Assert.Equal(last.ValLoss!.Value, figures["validation", "loss"], 1e-5);
        var measures = last.Measures!.Where(m => !m.Key.Contains("_at_", StringComparison.Ordinal)).ToDictionary();
        // Of other sets the measures carry the set's name.
        foreach (var (name, value) in measures)
            Assert.Equal(value, sets.Skip(1).FirstOrDefault(set => name.StartsWith($"{set}_", StringComparison.Ordinal)) is { } set
                ? figures[set, name[(set.Length + 1)..]]
                : figures["validation", name], 1e-5);
        Assert.Equal(measures.Count + 1, figures.Count);
        // Free running belongs to no set.
        Assert.All(last.Measures!.Except(measures), m => Assert.Equal(m.Value, figures["", m.Key], 1e-5));
    }

    [Theory]
    [MemberData(nameof(Configs))]
    public void Sample_prints_the_answers_that_training_wrote_down(string config)
    {
        var run = examples.Run(config);
        var said = examples.Call("sample", run, "--checkpoint", "last", "--examples", "3").Succeeded().Output;
        Assert.Equal(File.ReadAllText(Path.Combine(run, "samples", $"step-{SmallExamples.Steps:d8}.txt")), said);
        var lines = said.TrimEnd('\n').Split('\n');
        Assert.Equal(9, lines.Length);
        Assert.All(lines.Chunk(3), three => Assert.True(three[1].StartsWith("    says  ", StringComparison.Ordinal) && three[2].StartsWith("    target  ", StringComparison.Ordinal)));
        if (config == SmallExamples.Reversal)
            Assert.All(lines.Chunk(3), three => Assert.Equal(string.Concat(three[0].Reverse()), three[2]["    target  ".Length..]));
    }

    [Theory]
    [MemberData(nameof(Configs))]
    public void A_run_that_is_killed_and_resumed_is_the_one_that_was_left_alone(string config)
    {
        using var program = examples.Start("train", config, "training.steps=1000000000", "training.log_interval=1");
        var run = SmallExperiment.RunOf(program.WaitForLine(SmallExperiment.IsRunLine)!);
        program.WaitForLine(line => line.StartsWith("step 5/", StringComparison.Ordinal));
        program.Kill();
        var length = $"training.steps={MetricsReader.Merge(RunDirectory.Open(run))[^1].Step + 9}";
        using var alone = examples.Start("train", config, "training.log_interval=1", length);
        examples.Call("train", "--resume", run, length).Succeeded();
        SmallExperiment.RequireEqual(SmallExperiment.RunOf(alone.Finish().Succeeded().Output), run);
        Assert.Equal([1, 2], RunDirectory.Open(run).Attempts());
    }

    [Theory]
    [InlineData(SmallExamples.Reversal, "attention.", "bridge.", "decoder.", "encoder.", "linear.")]
    [InlineData(SmallExamples.Adding, "linear.", "rnn.")]
    [InlineData(SmallExamples.Series, "linear.", "rnn.")]
    public void Every_parameter_of_a_config_s_model_passes_the_audit(string config, params string[] modules)
    {
        var output = examples.Call("gradcheck", config, "--elements", "1", "task.validation_examples=1").Succeeded().Output;
        var lines = output.Split('\n').Skip(1).TakeWhile(line => !line.StartsWith("bounds: ", StringComparison.Ordinal)).ToArray();
        Assert.All(modules, module => Assert.Contains(lines, line => line.StartsWith(module, StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.Contains(modules, module => line.StartsWith(module, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_file_that_has_changed_since_the_run_began_is_refused_and_what_needs_no_data_goes_on()
    {
        File.Copy(examples.PathOf("pairs.tsv"), examples.PathOf("changing.tsv"));
        var run = examples.Train(SmallExamples.Pairs, $"task.file={examples.PathOf("changing.tsv")}", "training.steps=3");
        File.AppendAllText(examples.PathOf("changing.tsv"), "one\teins\n");
        examples.Call("train", "--resume", run, "training.steps=30").RefusedWith("changing.tsv: task.file is not what the run ");
        examples.Call("eval", run).RefusedWith("changing.tsv: task.file is not what the run ");
        File.Delete(examples.PathOf("changing.tsv"));
        examples.Call("sample", run).RefusedWith("changing.tsv: no such file");
        Assert.Equal(1, RnnlabProgram.RunWithInput(examples.Path, "two one\n", "translate", run).Succeeded().Output.Count(c => c == '\n'));
    }

    [Fact]
    public void Malformed_lines_are_counted_where_they_are_to_be_skipped()
    {
        File.WriteAllText(examples.PathOf("malformed.tsv"), "one\teins\nno tab\ntwo\tzwei\nthree\t\nthree\tdrei\n");
        var output = examples.Call("train", SmallExamples.Pairs, "task.file=malformed.tsv", "task.skip_malformed=true", "training.steps=1").Succeeded().Output;
        Assert.Contains(", 2 malformed skipped", output, StringComparison.Ordinal);
        Assert.Contains("\"skipped\": 2", File.ReadAllText(Path.Combine(SmallExperiment.RunOf(output), "task.json")), StringComparison.Ordinal);
    }

    /// <summary>What eval printed: each set's figures, and, of no set, the baselines.</summary>
    private sealed class PrintedFigures
    {
        private readonly Dictionary<(string Set, string Name), double> _figures = [];
        private readonly List<string> _sets = [];

        public PrintedFigures(string output)
        {
            foreach (var line in output.TrimEnd('\n').Split('\n').Skip(1))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words is [var set, _, "examples"])
                    _sets.Add(set);
                else
                    _figures[(line.StartsWith(' ') ? _sets[^1] : "", words[0])] = double.Parse(words[1], CultureInfo.InvariantCulture);
            }
        }

        public IReadOnlyList<string> Sets => _sets;

        /// <summary>Figures of sets.</summary>
        public int Count => _figures.Keys.Count(key => key.Set.Length > 0);

        public double this[string set, string name] => _figures[(set, name)];
    }
}
