using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks;

public sealed class TokenStreamsTests
{
    [Fact]
    public void A_row_continues_from_chunk_to_chunk_where_it_ended()
    {
        // 0 … 22 in 3 rows: (23 − 1) / 3 = 7 steps, 0 … 6, 7 … 13 and 14 … 20; the targets go one further.
        using var streams = new TokenStreams([Tokens(0, 23)], 3, CPU);
        Assert.Equal(7, streams.Steps);
        long[][] starts = [[0, 7, 14], [3, 10, 17]];
        for (var chunk = 0; chunk < 2; chunk++)
        {
            var (inputs, targets) = streams.Slice(3 * chunk, 3);
            Assert.Equal([3, 3], inputs.shape);
            for (var b = 0; b < 3; b++)
                for (var t = 0; t < 3; t++)
                {
                    Assert.Equal(starts[chunk][b] + t, inputs[t, b].item<long>());
                    Assert.Equal(starts[chunk][b] + t + 1, targets[t, b].item<long>());
                }
        }
    }

    [Fact]
    public void All_tokens_but_the_first_are_targets_once_where_the_rows_fit()
    {
        using var streams = new TokenStreams([Tokens(0, 21)], 4, CPU);
        var (inputs, targets) = streams.Slice(0, streams.Steps);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), inputs.t().contiguous().data<long>().ToArray());
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), targets.t().contiguous().data<long>().ToArray());
    }

    [Fact]
    public void As_many_stretches_as_rows_are_a_row_each_of_the_shortest_length()
    {
        using var streams = new TokenStreams([Tokens(100, 6), Tokens(200, 5)], 2, CPU);
        Assert.Equal(4, streams.Steps);
        var (inputs, targets) = streams.Slice(0, 4);
        Assert.Equal([100, 101, 102, 103], inputs.select(1, 0).contiguous().data<long>().ToArray());
        Assert.Equal([201, 202, 203, 204], targets.select(1, 1).contiguous().data<long>().ToArray());
    }

    [Fact]
    public void Stretches_that_make_no_rows_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new TokenStreams([Tokens(0, 9), Tokens(0, 9)], 3, CPU));
        Assert.Throws<ArgumentException>(() => new TokenStreams([Tokens(0, 4)], 4, CPU));
        Assert.Throws<ArgumentException>(() => new TokenStreams([Tokens(0, 9), Tokens(0, 1)], 2, CPU));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenStreams([Tokens(0, 9)], 0, CPU));
    }

    private static ReadOnlyMemory<long> Tokens(int first, int count) => Enumerable.Range(first, count).Select(i => (long)i).ToArray();
}
