using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks;

public sealed class TextTaskTests
{
    /// <summary>A text whose characters are all different and in order, so that a token is its own position.</summary>
    private static TextCorpus Positions(int length)
        => TextCorpus.Of(string.Concat(Enumerable.Range(0, length).Select(i => (char)('\u4e00' + i))), "positions");

    [Theory]
    [InlineData(100, 0.1, 90)]
    [InlineData(101, 0.05, 95)]
    [InlineData(10, 0.99, 0)]
    public void The_end_of_the_text_is_held_out(int length, double fraction, int cut)
    {
        var task = new TextTask(Positions(length), fraction);
        Assert.Equal(Range(0, cut), Assert.Single(task.Training).ToArray());
        Assert.Equal(Range(cut, length), Assert.Single(task.Validation).ToArray());
    }

    [Theory]
    [InlineData(101, 4, 0.2)]
    [InlineData(104, 4, 0.2)]
    [InlineData(1000, 7, 0.05)]
    public void The_end_of_each_stream_is_held_out(int length, int streams, double fraction)
    {
        var task = new TextTask(Positions(length), fraction, TextSplit.PerStream, streams);
        var steps = (length - 1) / streams;
        var cut = (int)(steps * (1 - fraction));
        Assert.Equal(streams, task.Training.Count);
        for (var b = 0; b < streams; b++)
        {
            Assert.Equal(Range(b * steps, b * steps + cut + 1), task.Training[b].ToArray());
            Assert.Equal(Range(b * steps + cut, (b + 1) * steps + 1), task.Validation[b].ToArray());
        }
        // Together they predict each character once, but for the first and what no stream takes.
        Assert.Equal(Range(1, streams * steps + 1), Predicted(task.Training).Concat(Predicted(task.Validation)).Order());
    }

    [Theory]
    [InlineData(TextSplit.End)]
    [InlineData(TextSplit.PerStream)]
    public void No_character_that_is_scored_in_validation_is_predicted_in_training(TextSplit split)
    {
        var task = new TextTask(Positions(1003), 0.1, split, streams: 8);
        Assert.Empty(Predicted(task.Validation).Intersect(Predicted(task.Training)));
        using var streams = new TokenStreams(task.Training, 8, CPU);
        var (_, targets) = streams.Slice(0, streams.Steps);
        Assert.Empty(targets.contiguous().data<long>().ToArray().Intersect(Predicted(task.Validation)));
    }

    [Fact]
    public void A_saved_vocabulary_is_taken_over()
    {
        var vocabulary = Vocabulary.Of(["x", "a", "b", "y"]);
        var task = new TextTask(TextCorpus.Of("abba", "text"), 0.5, vocabulary: vocabulary);
        Assert.Equal([1, 2], task.Training[0].ToArray());
        Assert.Equal([2, 1], task.Validation[0].ToArray());
        Assert.Throws<UserException>(() => new TextTask(TextCorpus.Of("abc", "text"), 0.5, vocabulary: vocabulary));
    }

    [Fact]
    public void A_text_that_is_too_short_is_refused_with_what_it_needs()
    {
        new TextTask(Positions(45), 0.1).RequireLength(batch: 4, steps: 9); // 40 tokens to train on: 39 of them are predicted
        var error = Assert.Throws<UserException>(() => new TextTask(Positions(45), 0.1).RequireLength(4, 10));
        Assert.Equal("positions: the text is too short: 39 characters to train on, batch_size 4 × k1 10 = 40 are needed", error.Message);
        error = Assert.Throws<UserException>(() => new TextTask(Positions(45), 0.02).RequireLength(4, 9));
        Assert.Equal("positions: the text is too short for its validation_fraction: 1 characters to validate on, 2 are needed", error.Message);
        Assert.Throws<UserException>(() => new TextTask(Positions(45), 0.1, TextSplit.PerStream, 4).RequireLength(4, 10));
        new TextTask(Positions(45), 0.1, TextSplit.PerStream, 4).RequireLength(4, 9);
    }

    private static IEnumerable<long> Predicted(IEnumerable<ReadOnlyMemory<long>> parts) => parts.SelectMany(part => part[1..].ToArray());

    private static IEnumerable<long> Range(int first, int end) => Enumerable.Range(first, end - first).Select(i => (long)i);
}
