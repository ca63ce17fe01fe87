using System.Globalization;
using System.Text.Json;
using RnnLab.Experiments.Runs;
using RnnLab.Tasks;

namespace RnnLab.Tests.CommandLine;

/// <summary>A word model with a vocabulary of the commonest words, and its text to validate on.</summary>
public sealed class WordExperiment : IDisposable
{
    /// <summary>The config's file.</summary>
    public const string Config = "word.yaml";

    private readonly TemporaryFolder _folder = new();

    public WordExperiment()
    {
        // Seven words stand thirty times and more, "rare" once.
        string[] lines = ["the fox runs", "the dog sleeps", "a fox and a dog"];
        File.WriteAllText(PathOf("text.txt"), string.Concat(Enumerable.Range(0, 90).Select(i => lines[i % 3] + "\n")) + "the rare fox\n");
        File.WriteAllText(PathOf("held.txt"), string.Concat(Enumerable.Range(0, 12).Select(i => lines[i % 3] + "\n")) + "the new fox\n");
        File.WriteAllText(PathOf(Config), """
            seed: 3
            threads: 1
            task: {name: word_lm, text: text.txt, validation_text: held.txt, max_vocabulary: 7}
            model: {cell: lstm, hidden_size: 12, embedding_size: 6}
            training:
              steps: 30
              batch_size: 4
              k1: 6
              optimizer: {name: adam, learning_rate: 2e-2}
              log_interval: 5
              forcing: {schedule: inverse_sigmoid, k: 20}
            evaluation: {interval: 10, batch_size: 1, sample_length: 12, free_running: 4, warm_up: 3}
            """);
        Run = Train();
    }

    /// <summary>A complete run.</summary>
    public string Run { get; }

    public string PathOf(string name) => _folder.File(name);

    /// <summary>Trains to the end, in this process.</summary>
    /// <returns>The run's folder.</returns>
    public string Train(params string[] overrides) => SmallExamples.Train(PathOf(Config), PathOf("runs"), overrides);

    internal ProgramResult Call(params string[] arguments) => RnnlabProgram.Run(_folder.Path, arguments);

    public void Dispose() => _folder.Dispose();
}

/// <summary>word_lm from training to sampling, and free running of texts.</summary>
public sealed class WordModelTests(WordExperiment experiment) : IClassFixture<WordExperiment>
{
    [Fact]
    public void The_vocabulary_is_the_commonest_words_and_the_marks()
    {
        Assert.Equal([Vocabulary.Unknown, Vocabulary.End, "a", "and", "dog", "fox", "runs", "sleeps", "the"], Symbols(experiment.Run));
    }

    [Fact]
    public void The_metrics_have_the_forcing_and_at_the_end_the_loss_after_own_tokens()
    {
        var rows = MetricsReader.Read(RunDirectory.Open(experiment.Run).MetricsPath);
        Assert.All(rows, row => Assert.Equal(20 / (20 + Math.Exp((row.Step - 1) / 20.0)), row.Forcing!.Value, 1e-12));
        Assert.All(rows.SkipLast(1), row => Assert.Null(row.Measures));
        Assert.Equal(["nats_after_0", "nats_after_1", "nats_after_2", "nats_after_4"], rows[^1].Measures!.Keys);
        Assert.All(rows[^1].Measures!.Values, nats => Assert.InRange(nats, 0, Math.Log(9) * 2));
        // At the epoch's end, too.
        Assert.Equal([10, 17, 20, 30], rows.Where(row => row.ValLoss is not null).Select(row => row.Step));
        Assert.True(rows[^1].ValLoss < rows.First(row => row.ValLoss is not null).ValLoss, "it learns nothing");
        Assert.Contains("Loss after tokens of its own", File.ReadAllText(RunDirectory.Open(experiment.Run).ReportPath), StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_measures_the_validation_text_as_training_did()
    {
        var output = experiment.Call("eval", experiment.Run, "--checkpoint", "last").Succeeded().Output;
        // Words and line ends of held.txt, but for the first.
        Assert.Equal(12 / 3 * (4 + 4 + 6) + 4 - 1, Figure(output, "words"));
        Assert.Equal(MetricsReader.Read(RunDirectory.Open(experiment.Run).MetricsPath)[^1].ValLoss!.Value, Figure(output, "cross-entropy"), 1e-6);
        var own = experiment.Call("eval", experiment.Run, "--checkpoint", "last", "--text", "held.txt").Succeeded().Output;
        Assert.Equal((Figure(output, "words"), Figure(output, "cross-entropy")), (Figure(own, "words"), Figure(own, "cross-entropy")));
    }

    [Fact]
    public void Eval_takes_a_text_with_words_that_were_not_seen()
    {
        File.WriteAllText(experiment.PathOf("other.txt"), "the zebra runs\nthe fox\n");
        File.WriteAllText(experiment.PathOf("same.txt"), "the rare runs\nthe fox\n");
        var (other, same) = (experiment.Call("eval", experiment.Run, "--text", "other.txt"), experiment.Call("eval", experiment.Run, "--text", "same.txt"));
        Assert.Equal(6, Figure(other.Succeeded().Output, "words"));
        Assert.Equal(Figure(same.Succeeded().Output, "cross-entropy"), Figure(other.Output, "cross-entropy"));
    }

    [Fact]
    public void A_sample_goes_on_from_its_prompt_word_by_word_and_is_a_function_of_its_seed()
    {
        var first = Sample("--seed", "5");
        Assert.StartsWith("the fox", first, StringComparison.Ordinal);
        // The last line end is the program's own.
        Assert.Equal(40, Words(first["the fox".Length..]) + first[..^1].Count(c => c == '\n'));
        Assert.Equal(first, Sample("--seed", "5"));
        Assert.NotEqual(first, Sample("--seed", "6"));
    }

    [Fact]
    public void A_sample_that_training_wrote_has_as_many_symbols_as_were_asked_for()
    {
        var sample = File.ReadAllText(Path.Combine(experiment.Run, "samples", "step-00000030.txt"));
        Assert.Equal(12, Words(sample) + sample.Count(c => c == '\n'));
    }

    [Fact]
    public void A_validation_text_that_has_changed_is_refused()
    {
        File.Copy(experiment.PathOf("held.txt"), experiment.PathOf("changing.txt"));
        var run = experiment.Train($"task.validation_text={experiment.PathOf("changing.txt")}", "training.steps=1");
        File.AppendAllText(experiment.PathOf("changing.txt"), "the dog\n");
        experiment.Call("eval", run).RefusedWith("changing.txt");
        experiment.Call("train", "--resume", run, "training.steps=2").RefusedWith("changing.txt");
    }

    [Theory]
    [InlineData("the validation text is too short for free running: 60 tokens in one piece, 111 are needed", "evaluation.free_running=100")]
    [InlineData("nowhere.txt: no such text file or folder", "task.validation_text=nowhere.txt")]
    [InlineData("task.split=per_stream: with a validation_text nothing is held out of the text; expected end", "task.split=per_stream")]
    [InlineData("task.max_vocabulary=-1: expected an integer >= 0", "task.max_vocabulary=-1")]
    [InlineData("model.name=window: expected ", "model.name=window")]
    [InlineData("model.bidirectional=true: a language model cannot be bidirectional", "model.bidirectional=true")]
    public void A_setting_that_cannot_be_is_refused_before_anything_is_made(string message, string setting)
    {
        Assert.Equal("", experiment.Call("train", WordExperiment.Config, "--runs", "more", setting).RefusedWith(message).Output);
        Assert.False(Directory.Exists(experiment.PathOf("more")), "it left something behind");
    }

    [Fact]
    public void Characters_have_a_limited_vocabulary_too()
    {
        var symbols = Symbols(experiment.Train("task.name=char_lm", "task.max_vocabulary=5", "training.steps=2"));
        Assert.Equal(6, symbols.Length);
        Assert.Equal(Vocabulary.Unknown, symbols[0]);
    }

    private static string[] Symbols(string run)
    {
        using var text = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "text.json")));
        return [.. text.RootElement.GetProperty("vocabulary").EnumerateArray().Select(symbol => symbol.GetString()!)];
    }

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static double Figure(string output, string name)
    {
        var line = output.Split('\n').Single(l => l.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private string Sample(params string[] options)
        => experiment.Call(["sample", experiment.Run, "--prompt", "the fox", "--length", "40", .. options]).Succeeded().Output.ReplaceLineEndings("\n");
}
