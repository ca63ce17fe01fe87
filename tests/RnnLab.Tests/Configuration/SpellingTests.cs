using RnnLab.Experiments.Configuration;

namespace RnnLab.Tests.Configuration;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("lstm", "ltsm", 1)]
    [InlineData("ca", "abc", 3)]
    public void Distance_counts_edits_and_a_swap_of_neighbours_as_one(string a, string b, int distance)
    {
        Assert.Equal(distance, Spelling.Distance(a, b));
        Assert.Equal(distance, Spelling.Distance(b, a));
    }

    [Theory]
    [InlineData("hiden_size", "hidden_size")]
    [InlineData("Hidden_Size", "hidden_size")]
    [InlineData("hidden", "hidden_size")]
    [InlineData("sede", "seed")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void Nearest_is_offered_only_when_it_is_near(string word, string? nearest) =>
        Assert.Equal(nearest, Spelling.Nearest(word, ["seed", "hidden_size", "num_layers"]));

    [Fact]
    public void Of_two_near_words_the_nearer_wins() => Assert.Equal("epochs", Spelling.Nearest("epoch", ["epoxy", "epochs"]));
}
