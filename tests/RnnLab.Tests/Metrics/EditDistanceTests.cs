using RnnLab.Metrics;
using RnnLab.Randomness;

namespace RnnLab.Tests.Metrics;

/// <summary>Levenshtein's distance.</summary>
public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0), InlineData("abc", "abc", 0), InlineData("", "abc", 3), InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3), InlineData("saturday", "sunday", 3), InlineData("flaw", "lawn", 2), InlineData("ab", "ba", 2), InlineData("aab", "ab", 1)]
    [InlineData("intention", "execution", 5), InlineData("abcd", "xbcy", 2)]
    public void Known_words_have_their_distance(string a, string b, int distance) => Assert.Equal(distance, Of(a, b));

    [Fact]
    public void Random_sequences_have_the_distance_that_the_definition_gives()
    {
        var stream = new RandomStream(1, "edit distance");
        for (var i = 0UL; i < 200; i++)
        {
            var (a, b) = (Word(stream, 2 * i), Word(stream, (2 * i) + 1));
            Assert.Equal(Defined(a, b), Of(a, b));
        }
    }

    [Fact]
    public void Long_sequences_take_little_time_and_memory()
    {
        var (a, b) = (Enumerable.Range(0, 4000).Select(i => (long)(i % 7)).ToArray(), Enumerable.Range(0, 4000).Select(i => (long)(i % 11)).ToArray());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.InRange(EditDistance.Of(a, b), 1, 4000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 40_000);
    }

    private static int Of(string a, string b) => EditDistance.Of([.. a.Select(c => (long)c)], [.. b.Select(c => (long)c)]);

    private static string Word(RandomStream stream, ulong @event)
        => string.Concat(Enumerable.Range(0, (int)(6 * stream.Uniform(@event))).Select(i => (char)('a' + (int)(3 * stream.Uniform(@event, (ulong)i + 1)))));

    // The recursion of the definition, without a table.
    private static int Defined(string a, string b)
        => a.Length == 0 || b.Length == 0
            ? a.Length + b.Length
            : Math.Min(Defined(a[1..], b[1..]) + (a[0] == b[0] ? 0 : 1), 1 + Math.Min(Defined(a[1..], b), Defined(a, b[1..])));
}
