using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

public sealed class TabSeparatedPairsTests : DataFolder
{
    private static readonly TaskKind Kind = TabSeparatedPairs.Kind;

    [Fact]
    public void A_line_is_a_source_and_a_target_and_the_rest_is_ignored()
    {
        var task = Task(Kind, ("file", Write("a.tsv", "\uFEFFGo on\tVa là\tCC-BY 1\r\nGo\tVa\r\n")), ("validation_file", Write("b.tsv", "Go là\tVa on\n")), ("lowercase", true));
        Assert.Equal(["go on > va là", "go > va"], Shown(task, task.Training));
        Assert.Equal(["go <unk> > va <unk>"], Shown(task, task.Evaluation[0].Examples));
        Assert.Equal(["<unk>", "go", "on"], task.InputVocabulary!.Symbols);
        Assert.Equal(["<bos>", "<eos>", "<unk>", "là", "va"], task.TargetVocabulary!.Symbols);
        Assert.Equal(new TaskShape(new(ValueKind.Tokens, 3), new(ValueKind.Tokens, 5), TargetPlace.OwnSteps), task.Shape);
        Assert.Equal(2, task.Training.InputLength(0));
    }

    [Fact]
    public void Symbols_can_be_characters_and_pairs_of_surrogates_are_one()
    {
        var task = Task(Kind, ("file", Write("a.tsv", "a😀\tb c\n")), ("validation_file", Write("b.tsv", "😀a\tcb\n")), ("level", "character"), ("unknown", false));
        Assert.Equal("a 😀 > b   c", Shown(task, task.Training, 0));
        Assert.Equal(["a", "😀"], task.InputVocabulary!.Symbols);
        Assert.Equal(["a", "😀"], task.Text!.Split("a😀"));
        Assert.Equal("b c", task.Text.Join(["b", " ", "c"]));
    }

    [Fact]
    public void The_vocabulary_has_the_commonest_symbols()
    {
        var file = Write("a.tsv", "c c c b b a\tx x y\nb d\tz\n");
        var other = Write("b.tsv", "a c\tx\n");
        var two = Task(Kind, ("file", file), ("validation_file", other), ("max_vocabulary", 2L));
        Assert.Equal(["<unk>", "b", "c"], two.InputVocabulary!.Symbols);
        Assert.Equal(["<bos>", "<eos>", "<unk>", "x", "y"], two.TargetVocabulary!.Symbols); // of y and z, once each, the first
        Assert.Equal(["<unk> c > x"], Shown(two, two.Evaluation[0].Examples));
        Assert.Equal(["<unk>", "b", "c"], Task(Kind, ("file", file), ("validation_file", other), ("min_count", 3L)).InputVocabulary!.Symbols);
        Assert.Equal(
            "x.yaml: task.unknown: a vocabulary with min_count or max_vocabulary needs <unk>: set unknown: true",
            Refusal(Kind, ("file", file), ("min_count", 2L), ("unknown", false)));
    }

    [Fact]
    public void A_part_is_held_out_by_the_seed_and_shares_no_source_with_the_rest()
    {
        var file = Write("a.tsv", string.Concat(Enumerable.Range(0, 200).Select(i => $"s{i % 100}\tt{i}\n")));
        var task = Task(Kind, ("file", file));
        Assert.Equal(180, task.Training.Count);
        Assert.Equal(20, task.Evaluation[0].Examples.Count);
        Assert.Equal("validation", task.Evaluation[0].Name);
        var again = Task(Kind, ("file", file));
        Assert.Equal(Shown(task, task.Training), Shown(again, again.Training));
        var other = Kind.Create(Values(Kind, 2, ("file", file)), null);
        Assert.NotEqual(Shown(task, task.Training), Shown(other, other.Training));
        // No source of the training part.
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal([task.InputVocabulary!.UnknownIndex!.Value], Input(task.Evaluation[0].Examples, i)));
    }

    [Fact]
    public void A_large_file_gives_the_examples_of_a_kept_one()
    {
        var values = Values(Kind, ("file", Write("a.tsv", string.Concat(Enumerable.Range(0, 50).Select(i => $"s{i} é\tt{i}\r\n")))));
        var (kept, large) = (new SymbolTask(values, TabSeparatedPairs.Format(values), null), new SymbolTask(values, TabSeparatedPairs.Format(values), null, kept: 0));
        Assert.Equal(Shown(kept, kept.Training), Shown(large, large.Training));
        Assert.Equal(kept.Record.Sha256, large.Record.Sha256);
    }

    [Fact]
    public void A_saved_runs_vocabularies_are_taken_again()
    {
        var (file, other) = (Write("a.tsv", "b c\tx\n"), Write("b.tsv", "b\tx\n"));
        var saved = Task(Kind, ("file", file), ("validation_file", other)).Record!;
        Assert.Equal(64, saved.Sha256["file"].Length);
        Assert.Equal(["file", "validation_file"], saved.Sha256.Keys);
        var changed = Kind.Create(Values(Kind, ("file", Write("c.tsv", "a b\ty\n")), ("validation_file", other)), saved);
        Assert.Equal(["<unk> b > <unk>"], Shown(changed, changed.Training));
        var text = Kind.Text!(Values(Kind, ("file", "nowhere.tsv")), saved);
        Assert.Equal(saved.Vocabularies["input"], text.Input.Symbols);
        Assert.Equal(saved.Vocabularies["target"], text.Target.Symbols);
        Assert.Equal(["b", "c"], text.Split(" b  c "));
        Assert.Throws<UserException>(() => Kind.Create(Values(Kind, ("file", file)), saved with { Vocabularies = new Dictionary<string, IReadOnlyList<string>>() }));
    }

    [Theory]
    [InlineData("a\tb\nno tab\n", "a.tsv:2: expected source TAB target, this line has no TAB")]
    [InlineData("a\tb\n\tb\n", "a.tsv:2: the input is an empty sequence")]
    [InlineData("a\tb\nb\t \n", "a.tsv:2: the target is an empty sequence")]
    [InlineData("a\tb\n\nb\ta\n", "a.tsv:2: expected source TAB target, this line has no TAB")]
    [InlineData("a a a\tb\n", "a.tsv:1: a sequence of 3 symbols is over max_length 2")]
    [InlineData("a\tb <eos>\n", "a.tsv:1: the target has the symbol <eos>, which marks where targets begin or end")]
    [InlineData("a\tb\nb\0\ta\n", "a.tsv:2: a NUL (byte 5 of the file); expected UTF-8 text")]
    public void Malformed_lines_are_told_with_file_and_line_or_counted(string text, string refusal)
    {
        var (file, other) = (Write("a.tsv", text), Write("b.tsv", "a\tb\n"));
        Assert.Equal(refusal, Refusal(Kind, ("file", file), ("validation_file", other), ("max_length", 2L)));
        var more = Write("a.tsv", text + "b\ta\n");
        var task = Task(Kind, ("file", more), ("validation_file", other), ("max_length", 2L), ("skip_malformed", true));
        Assert.Equal(1, task.Record!.Skipped);
        Assert.EndsWith(", 1 malformed skipped", task.Description, StringComparison.Ordinal);
        Assert.Equal("b > a", Shown(task, task.Training)[^1]);
    }

    [Fact]
    public void A_file_of_nothing_but_malformed_lines_is_refused()
        => Assert.Equal("a.tsv: there are no pairs in it, 2 malformed skipped", Refusal(Kind, ("file", Write("a.tsv", "a\nb\n")), ("skip_malformed", true)));

    [Fact]
    public void Symbols_that_are_not_in_the_vocabulary_are_an_error_without_unk()
        => Assert.Equal(
            "b.tsv:2: symbols that the model was not trained on: 'c'; it knows 1",
            Refusal(Kind, ("file", Write("a.tsv", "a\tb\n")), ("validation_file", Write("b.tsv", "a\tb\nc\tb\n")), ("unknown", false)));

    [Fact]
    public void The_first_so_many_examples_can_be_taken()
        => Assert.Equal(2, Task(Kind, ("file", Write("a.tsv", "a\tb\nb\ta\nmalformed\n")), ("validation_file", Write("b.tsv", "a\tb\n")), ("max_examples", 2L)).Training.Count);
}
