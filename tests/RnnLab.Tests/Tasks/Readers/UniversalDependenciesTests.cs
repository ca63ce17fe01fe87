using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

public sealed class UniversalDependenciesTests : DataFolder
{
    private static readonly TaskKind Kind = UniversalDependencies.Kind;

    private static string Word(string id, string form, string upos, string feats = "_") => string.Join('\t', id, form, "_", upos, upos[..1], feats, "_", "_", "_", "_") + "\n";

    private static readonly string Sentences =
        "# sent_id = 1\n# text = Vámonos al mar\n" + Word("1-2", "Vámonos", "_") + Word("1", "Vamos", "VERB", "Mood=Imp") + Word("2", "nos", "PRON") + Word("2.1", "x", "NOUN")
        + Word("3", "mar", "NOUN") + "\n\n# next\n" + Word("1", "Mar", "NOUN");

    [Theory]
    [InlineData("upos", false, "Vamos nos mar > VERB PRON NOUN|Mar > NOUN")]
    [InlineData("xpos", true, "vamos nos mar > V P N|mar > N")]
    [InlineData("feats", false, "Vamos nos mar > Mood=Imp _ _|Mar > _")]
    public void Words_stand_with_their_tags_and_ranges_nodes_and_comments_are_passed_over(string tag, bool lower, string expected)
    {
        foreach (var file in new[] { Write("a.conllu", Sentences), Write("b.conllu", Sentences.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n# end\r\n") })
        {
            var task = Task(Kind, ("file", file), ("validation_file", file), ("tag", tag), ("lowercase", lower));
            Assert.Equal(expected.Split('|'), Shown(task, task.Training));
            Assert.Equal(TargetPlace.EachStep, task.Shape.Place);
            Assert.False(task.Shape.IsCausal);
        }
    }

    [Fact]
    public void Words_unseen_in_training_are_unk_and_tags_unseen_in_training_an_error()
    {
        var file = Write("a.conllu", Sentences);
        var task = Task(Kind, ("file", file), ("validation_file", Write("b.conllu", Word("1", "sol", "NOUN"))));
        Assert.Equal(["<unk> > NOUN"], Shown(task, task.Evaluation[0].Examples));
        Assert.Equal(
            "c.conllu:4: the label \"ADV\" is not in the training part, which has NOUN, PRON, VERB",
            Refusal(Kind, ("file", file), ("validation_file", Write("c.conllu", Word("1", "sol", "NOUN") + "\n# two\n" + Word("1", "muy", "ADV")))));
    }

    [Theory]
    [InlineData("1\ta\tNOUN\n", "a.conllu:5: expected 10 columns between TABs, this line has 3")]
    [InlineData("2\ta\t_\tX\t_\t_\t_\t_\t_\t_\n", "a.conllu:5: expected the word's number 1, this is 2")]
    [InlineData("one\ta\t_\tX\t_\t_\t_\t_\t_\t_\n", "a.conllu:5: expected the word's number 1, this is one")]
    [InlineData("1\t\t_\tX\t_\t_\t_\t_\t_\t_\n", "a.conllu:5: a column is empty; expected _ for what is not given")]
    public void Malformed_lines_are_told_with_their_line(string line, string refusal)
    {
        var file = Write("a.conllu", Word("1", "a", "NOUN") + Word("2", "b", "NOUN") + "\n# comment\n" + line);
        Assert.Equal(refusal, Refusal(Kind, ("file", file)));
        var task = Task(Kind, ("file", file), ("validation_file", Write("b.conllu", Word("1", "a", "NOUN"))), ("skip_malformed", true));
        Assert.Equal((1, 1), (task.Record!.Skipped, task.Training.Count));
    }
}
