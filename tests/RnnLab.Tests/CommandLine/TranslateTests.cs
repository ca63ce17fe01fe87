using System.Globalization;

namespace RnnLab.Tests.CommandLine;

/// <summary>A model of reversal that has learnt it, and the others of <see cref="SmallExamples"/>.</summary>
public sealed class LearntReversal : IDisposable
{
    public LearntReversal() => Path = Examples.Train(
        SmallExamples.Reversal, "task.symbols=2", "task.max_length=3", "task.examples=64", "task.validation_examples=2", "model.hidden_size=24", "model.dropout=0",
        "training.steps=250", "training.batch_size=16", "training.forcing={schedule: always}", "evaluation={interval: 1000, samples: 0}");

    public SmallExamples Examples { get; } = new();

    /// <summary>The run.</summary>
    public string Path { get; }

    public void Dispose() => Examples.Dispose();
}

/// <summary>rnnlab translate.</summary>
public sealed class TranslateTests(LearntReversal reversal) : IClassFixture<LearntReversal>
{
    private const string Input = "ab\nbba\na\n", Greedy = "ba\nabb\na\n";
    private readonly SmallExamples _examples = reversal.Examples;

    [Fact]
    public void Lines_of_a_file_and_of_standard_input_are_answered_in_their_order()
    {
        Assert.Equal(Greedy, Answers());
        File.WriteAllText(_examples.PathOf("lines.txt"), Input.ReplaceLineEndings("\r\n"));
        Assert.Equal(Greedy, _examples.Call("translate", reversal.Path, "lines.txt").Succeeded().Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void More_lines_than_go_side_by_side_are_all_answered()
    {
        var lines = string.Concat(Enumerable.Repeat(Input, 50));
        Assert.Equal(string.Concat(Enumerable.Repeat(Greedy, 50)), Translate(lines).Succeeded().Output);
    }

    [Fact]
    public void No_lines_have_no_answers() => Assert.Equal("", Translate("").Succeeded().Output);

    [Fact]
    public void The_likeliest_tokens_are_what_a_draw_among_one_says()
    {
        Assert.Equal(Greedy, Answers("--sample", "--top-k", "1", "--seed", "4"));
        Assert.Equal(Greedy, Answers("--sample", "--temperature", "0", "--seed", "5"));
    }

    [Fact]
    public void A_draw_is_a_function_of_its_seed()
    {
        var draw = Answers("--sample", "--temperature", "3", "--seed", "7");
        Assert.Equal(draw, Answers("--sample", "--temperature", "3", "--seed", "7"));
        Assert.NotEqual(draw, Answers("--sample", "--temperature", "3", "--seed", "8"));
    }

    [Fact]
    public void A_beam_s_score_is_the_log_probability_over_the_length_s_power()
    {
        foreach (var (said, p, score) in Scored("--beam", "3"))
            Assert.Equal(p / Math.Pow((5 + said.Length + 1) / 6.0, 0.6), score, 2e-4);
    }

    [Fact]
    public void A_beam_says_nothing_less_likely_than_the_likeliest_tokens_where_it_has_room_for_all_short_answers()
    {
        var (greedy, beam) = (Scored(), Scored("--beam", "16", "--length-normalization", "0"));
        Assert.All(greedy.Zip(beam), pair => Assert.True(pair.Second.LogProbability >= pair.First.LogProbability - 1e-4));
        Assert.All(greedy.Concat(beam), answer => Assert.True(answer.LogProbability <= 0 && answer.LogProbability == answer.Score));
        Assert.Equal(Greedy, string.Concat(greedy.Select(answer => answer.Said + "\n")));
    }

    [Fact]
    public void An_answer_has_as_many_tokens_as_it_may_have_at_most()
        => Assert.Equal("b\na\na\n", Answers("--max-length", "1"));

    [Theory]
    [InlineData]
    [InlineData("--beam", "3")]
    public void Attention_is_one_drawing_for_each_line(params string[] options)
    {
        var folder = $"attention-{options.Length}";
        Assert.Equal(Greedy, Answers(["--attention", folder, .. options]));
        var drawings = Directory.EnumerateFiles(_examples.PathOf(folder)).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["line-0001.svg", "line-0002.svg", "line-0003.svg"], drawings.Select(Path.GetFileName));
        Assert.All(drawings, drawing => Assert.StartsWith("<svg", File.ReadAllText(drawing), StringComparison.Ordinal));
        // A row for each token of the answer and the end mark.
        Assert.Equal([1, 1, 1], drawings.Select(drawing => Count(File.ReadAllText(drawing), "&lt;eos&gt;")));
    }

    [Theory]
    [InlineData("ab\naxb\nb\n", "standard input:2: symbols that the model was not trained on: 'x'; it knows 2")]
    [InlineData("ab\n\nb\n", "standard input:2: the line is empty; expected a sequence")]
    public void A_line_that_cannot_be_answered_is_told_after_the_answers_before_it(string input, string message)
        => Assert.Equal("ba\n", Translate(input).RefusedWith(message).Output);

    [Fact]
    public void A_line_of_a_file_that_cannot_be_answered_is_told_with_its_number()
    {
        File.WriteAllText(_examples.PathOf("unseen.txt"), string.Concat(Enumerable.Repeat("ab\n", 70)) + "c\nab\n");
        var result = _examples.Call("translate", reversal.Path, "unseen.txt").RefusedWith("unseen.txt:71: symbols that the model was not trained on: 'c'; it knows 2");
        Assert.Equal(string.Concat(Enumerable.Repeat("ba\n", 70)), result.Output);
    }

    [Fact]
    public void A_line_that_is_not_UTF_8_is_told_with_its_number()
    {
        File.WriteAllBytes(_examples.PathOf("latin.txt"), [0xEF, 0xBB, 0xBF, .. "ab\n"u8, 0xE9, (byte)'\n']);
        Assert.Equal("ba\n", _examples.Call("translate", reversal.Path, "latin.txt").RefusedWith("latin.txt:2: this is not UTF-8 text").Output);
    }

    [Theory]
    [InlineData("nowhere.txt: cannot be read: ", "nowhere.txt")]
    [InlineData("--beam 0: expected a positive integer", "--beam", "0")]
    [InlineData("Cannot parse argument 'many' for option '--beam'", "--beam", "many")]
    [InlineData("--length-normalization -1: expected a number of at least 0", "--length-normalization=-1")]
    [InlineData("--max-length 0: expected a positive integer", "--max-length", "0")]
    [InlineData("--temperature -1: expected a number of at least 0", "--sample", "--temperature=-1")]
    [InlineData("--top-p 0: expected a number above 0 and at most 1", "--sample", "--top-p", "0")]
    [InlineData("--sample: a beam is searched, not drawn; expected either --sample or --beam", "--sample", "--beam", "3")]
    [InlineData("--seed: only with --sample", "--seed", "3")]
    [InlineData("unknown verb or option --beams", "lines.txt", "--beams")]
    public void A_wrong_option_is_refused(string message, params string[] options)
        => Assert.Equal("", _examples.Call(["translate", reversal.Path, .. options]).RefusedWith(message).Output);

    [Fact]
    public void A_run_of_another_kind_is_refused()
    {
        _examples.Call("translate", "nowhere").RefusedWith("nowhere: no such run");
        _examples.Call("translate", _examples.Run(SmallExamples.Adding))
            .RefusedWith("translate answers lines of text by an encoder_decoder, and this run's model is of task adding");
        using var text = new SmallExperiment();
        var run = SmallExamples.Train(text.PathOf(SmallExperiment.Config), text.PathOf("runs"), ["training.steps=1"]);
        text.Call("translate", run).RefusedWith("translate answers lines of text, and this run's model is of task char_lm");
    }

    [Fact]
    public void Attention_of_a_model_without_any_is_refused_before_anything_is_made()
    {
        var result = RnnlabProgram.RunWithInput(_examples.Path, "one\n", "translate", _examples.Run(SmallExamples.Pairs), "--attention", "none");
        Assert.Equal("", result.RefusedWith("--attention: this run's model has none; expected a run with model.attention other than none").Output);
        Assert.False(Directory.Exists(_examples.PathOf("none")), "it left something behind");
    }

    [Fact]
    public void Words_that_were_not_seen_are_unknown_ones_where_the_vocabulary_has_such()
        => Assert.NotEmpty(RnnlabProgram.RunWithInput(_examples.Path, "one zebra\n", "translate", _examples.Run(SmallExamples.Pairs)).Succeeded().Output);

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private ProgramResult Translate(string input, params string[] options) => RnnlabProgram.RunWithInput(_examples.Path, input, ["translate", reversal.Path, .. options]);

    private string Answers(params string[] options) => Translate(Input, options).Succeeded().Output.ReplaceLineEndings("\n");

    private (string Said, double LogProbability, double Score)[] Scored(params string[] options)
        => [.. Answers([.. options, "--scores"]).TrimEnd('\n').Split('\n').Select(line => line.Split('\t'))
            .Select(columns => (columns[2], double.Parse(columns[0], CultureInfo.InvariantCulture), double.Parse(columns[1], CultureInfo.InvariantCulture)))];
}
