using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Readers;

public sealed class PronouncingDictionaryTests : DataFolder
{
    private const string Entries = ";;; a comment\nREAD  R EH1 D\nREAD(1)  R IY1 D\n\n#HASH  HH AE1 SH\ncafé K AH0 F EY1 # place, french\n";
    private static readonly TaskKind Kind = PronouncingDictionary.Kind;

    [Theory]
    [InlineData("first", false, "r e a d > R EH D|# h a s h > HH AE SH|c a f é > K AH F EY")]
    [InlineData("all", true, "r e a d > R EH1 D|r e a d > R IY1 D|# h a s h > HH AE1 SH|c a f é > K AH0 F EY1")]
    public void Words_become_letters_and_phonemes(string alternates, bool stress, string expected)
    {
        var file = Write("cmudict", Entries);
        var task = Task(Kind, ("file", file), ("validation_file", file), ("alternates", alternates), ("stress", stress));
        Assert.Equal(expected.Split('|'), Shown(task, task.Training));
        Assert.Equal(["r", "e"], task.Text!.Split("Re"));
        Assert.Equal("R EH", task.Text.Join(["R", "EH"]));
    }

    [Fact]
    public void The_pronunciations_of_a_word_are_held_out_together()
    {
        var entries = string.Concat("ABCDEFGHIJKLMNOPQRST".Select(word => $"{word} K\n{word}(1) D\n"));
        var task = Task(Kind, ("file", Write("cmudict", entries)), ("alternates", "all"), ("validation_fraction", 0.3));
        Assert.Equal(12, task.Evaluation[0].Examples.Count);
        Assert.All(Shown(task, task.Evaluation[0].Examples), shown => Assert.StartsWith("<unk>", shown, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("READ\n", "a:1: expected WORD and its phonemes, \"READ\" has none")]
    [InlineData("READ  # R\n", "a:1: expected WORD and its phonemes, \"READ\" has none")]
    [InlineData("READ  R eh1\n", "a:1: expected a phoneme as AH0 or K, this is \"eh1\"")]
    public void Malformed_lines_are_told_with_their_line(string text, string refusal) => Assert.Equal(refusal, Refusal(Kind, ("file", Write("a", text))));
}
