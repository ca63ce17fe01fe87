using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks;

public sealed class WordTaskTests
{
    private static string[] Decoded(TextTask task, ReadOnlyMemory<long> part) => [.. part.ToArray().Select(task.Vocabulary.Decode)];

    [Fact]
    public void Words_stand_between_white_space_and_each_line_has_an_end()
    {
        Assert.Equal(["the", "cat", "<eos>", "<eos>", "sät", "<eos>"], TextSymbols.Words.Split(" the\tcat \r\n\nsät"));
        Assert.Equal(["the", "cat", "sat"], (TextSymbols.Words with { EndsLines = false }).Split("the cat\nsat\n"));
        Assert.Empty(TextSymbols.Words.Split(""));
        Assert.Equal("the cat\n\nsat\n", TextSymbols.Words.Join(["the", "cat", "<eos>", "<eos>", "sat", "<eos>"]));
        Assert.Equal(["a", "😀", "\n"], TextSymbols.Characters.Split("a😀\n"));
    }

    [Fact]
    public void The_vocabulary_is_the_training_parts_and_other_words_are_unk()
    {
        var task = new TextTask(TextCorpus.Of("a b\na c\nd a\n", "text"), 1.0 / 3 - 1e-9, symbols: TextSymbols.Words); // 9 tokens, 6 to train on
        Assert.Equal(["<unk>", "<eos>", "a", "b", "c"], task.Vocabulary.Symbols);
        Assert.Equal(["a", "b", "<eos>", "a", "c", "<eos>"], Decoded(task, task.Training[0]));
        Assert.Equal(["<unk>", "a", "<eos>"], Decoded(task, task.Validation[0]));
    }

    [Fact]
    public void The_vocabulary_can_be_limited_and_unk_in_the_text_is_the_same_unk()
    {
        var corpus = TextCorpus.Of("b b b a a c <unk>\n\n\n\n\n", "text");
        TextTask Limited(int minCount, int max) => new(corpus, 0.05, symbols: new(TextLevel.Word, new(minCount, max, true)));
        Assert.Equal(["<unk>", "<eos>", "a", "b"], Limited(2, 0).Vocabulary.Symbols);
        Assert.Equal(["<unk>", "<eos>", "b"], Limited(1, 1).Vocabulary.Symbols); // marks do not count
        Assert.Equal(["b", "b", "b", "<unk>", "<unk>", "<unk>", "<unk>"], Decoded(Limited(1, 1), Limited(1, 1).Training[0])[..7]);
        var characters = new TextTask(TextCorpus.Of("aaabbc", "text"), 0.1, symbols: new(TextLevel.Character, new(2, 0, true)));
        Assert.Equal(["<unk>", "a", "b"], characters.Vocabulary.Symbols);
    }

    [Theory]
    [InlineData(TextLevel.Word, "<unk>|<eos>|a|b", "a|b|<eos>", "b|<unk>|<eos>")]
    [InlineData(TextLevel.Character, "\n| |a|b|c", "a| |b|\n", "b| |c|\n")]
    public void A_text_of_its_own_can_be_validated_on(TextLevel level, string vocabulary, string training, string validation)
    {
        var symbols = level == TextLevel.Word ? TextSymbols.Words : TextSymbols.Characters;
        var task = new TextTask(TextCorpus.Of("a b\n", "text"), 0.9, symbols: symbols, validation: TextCorpus.Of("b c\n", "other"));
        Assert.Equal(vocabulary.Split('|'), task.Vocabulary.Symbols);
        Assert.Equal(training.Split('|'), Decoded(task, task.Training[0]));
        Assert.Equal(validation.Split('|'), Decoded(task, task.Validation[0]));
        Assert.Equal("other", task.ValidationCorpus!.Source);
    }

    [Fact]
    public void A_text_of_words_that_is_too_short_says_so_in_words()
        => Assert.StartsWith(
            "text: the text is too short: 2 words to train on",
            Assert.Throws<UserException>(() => new TextTask(TextCorpus.Of("a b c d", "text"), 0.4, symbols: TextSymbols.Words).RequireLength(2, 2)).Message,
            StringComparison.Ordinal);
}
