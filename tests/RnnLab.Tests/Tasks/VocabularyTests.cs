using System.Text;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks;

public sealed class VocabularyTests
{
    [Fact]
    public void Characters_stand_in_the_order_of_their_code_points()
        // In UTF-16 the emoji's surrogates (D83D …) would come before U+FF5E.
        => Assert.Equal(["\n", " ", "A", "a", "é", "～", "😀"], Of("a ～😀\néA a").Symbols);

    [Fact]
    public void Encoding_and_decoding_give_the_text_back()
    {
        const string text = "naïve 😀\ttext\n";
        var vocabulary = Of(text);
        Assert.Equal(text, string.Concat(vocabulary.Encode(Runes(text), "text").Select(vocabulary.Decode)));
        Assert.Equal(11, vocabulary.Size);
    }

    [Fact]
    public void A_saved_vocabulary_gives_the_same_tokens()
    {
        var vocabulary = Of("the text 😀");
        var again = Vocabulary.Of(vocabulary.Symbols);
        Assert.Equal(vocabulary.Encode(Runes("text 😀"), "text"), again.Encode(Runes("text 😀"), "text"));
    }

    [Fact]
    public void Unseen_characters_are_named_with_the_line_of_the_first()
    {
        var error = Assert.Throws<UserException>(() => Of("abc\n").Encode(Runes("abc\ncab\nbaz\tq😀z"), "x.txt"));
        Assert.Equal("x.txt:3: characters that the model was not trained on: U+0009 'q' 'z' '😀'; it knows 4", error.Message);
    }

    [Fact]
    public void At_most_ten_unseen_characters_are_named()
    {
        var error = Assert.Throws<UserException>(() => Of("-").Encode(Runes("abcdefghijklm"), "prompt"));
        Assert.Equal(
            "prompt:1: characters that the model was not trained on: 'a' 'b' 'c' 'd' 'e' 'f' 'g' 'h' 'i' 'j' and 3 more; it knows 1", error.Message);
    }

    [Theory]
    [InlineData("a", "")]
    [InlineData("a", "a")]
    [InlineData("a", null)]
    public void A_damaged_saved_vocabulary_is_refused(params string?[] characters)
        => Assert.Throws<UserException>(() => Vocabulary.Of(characters!));

    [Fact]
    public void Words_that_are_not_in_it_are_the_unknown_one_where_there_is_one()
    {
        var words = Vocabulary.Of([Vocabulary.Unknown, "a", "b"]);
        Assert.Equal([1L, 0, 2], words.Encode(["a", "x", "b"], "line 1"));
        var error = Assert.Throws<UserException>(() => Vocabulary.Of(["a"]).Encode(["b", "a", "c"], "x.txt:7"));
        Assert.Equal("x.txt:7: symbols that the model was not trained on: 'b' 'c'; it knows 1", error.Message);
    }

    [Fact]
    public void Targets_have_their_marks_first()
    {
        var targets = Vocabulary.OfTargets(["b", "a", "b"]);
        Assert.Equal([Vocabulary.Begin, Vocabulary.End, "a", "b"], targets.Symbols);
        Assert.Equal((0L, 1L), (Vocabulary.BeginIndex, Vocabulary.EndIndex));
    }

    private static Vocabulary Of(string text) => Vocabulary.OfCharacters(Runes(text));

    private static ReadOnlySpan<Rune> Runes(string text) => text.EnumerateRunes().ToArray();
}
