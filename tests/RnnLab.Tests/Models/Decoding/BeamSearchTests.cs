using RnnLab.Models.Decoding;

namespace RnnLab.Tests.Models.Decoding;

/// <summary>Beam search, on decoders that are tables.</summary>
public sealed class BeamSearchTests
{
    private const int V = 3, T = 4;
    private const long End = 1;

    [Theory]
    [InlineData(0), InlineData(0.7), InlineData(2)]
    public void A_beam_as_wide_as_all_sequences_finds_the_best_of_them(double α)
    {
        var decoder = TableDecoder.Random(V);
        using var start = decoder.Start(5, 6, 7);
        var found = new BeamSearch(81, α, Best: 6).NBest(decoder.Request(start, T));
        for (var input = 0; input < 3; input++)
        {
            var best = All(decoder, 5 + input, α).OrderByDescending(sequence => sequence.Score).Take(6).ToArray();
            Assert.Equal(best.Select(sequence => sequence.Tokens), found[input].Select(decoded => decoded.Tokens));
            foreach (var (expected, decoded) in best.Zip(found[input]))
            {
                Assert.True(decoded.Finished);
                Assert.Equal(expected.LogProbability, decoded.LogProbability, 12);
                Assert.Equal(expected.Score, decoded.Score, 12);
            }
        }
    }

    [Fact]
    public void Normalisation_by_length_favours_longer_sequences()
    {
        var decoder = TableDecoder.Random(V);
        using var start = decoder.Start([.. Enumerable.Range(0, 20).Select(i => (long)i)]);
        Assert.True(Tokens(2) > Tokens(0));

        int Tokens(double α) => new BeamSearch(81, α).Decode(decoder.Request(start, T)).Sum(decoded => decoded.Tokens.Length);
    }

    [Theory]
    [InlineData(1UL), InlineData(2UL), InlineData(3UL)]
    public void A_beam_of_one_is_greedy(ulong seed)
    {
        var decoder = TableDecoder.Random(5, seed);
        using var start = decoder.Start([.. Enumerable.Range(0, 30).Select(i => (long)i)]);
        var (greedy, beam) = (new GreedyDecoding().Decode(decoder.Request(start, 8)), new BeamSearch(1).Decode(decoder.Request(start, 8)));
        Assert.Contains(greedy, decoded => decoded.Finished && decoded.Tokens.Length is > 0 and < 7);
        Assert.Contains(greedy, decoded => !decoded.Finished);
        foreach (var (one, other) in greedy.Zip(beam))
        {
            Assert.Equal(one.Tokens, other.Tokens);
            Assert.Equal(one.Finished, other.Finished);
            Assert.Equal(one.LogProbability, other.LogProbability, 12);
            Assert.Equal(other.LogProbability, other.Score);
        }
    }

    [Theory]
    [InlineData(1, 0), InlineData(2, 0), InlineData(4, 0.6), InlineData(9, 0.6)]
    public void Inputs_side_by_side_are_answered_as_each_alone(int width, double α)
    {
        var (decoder, search) = (TableDecoder.Random(6), new BeamSearch(width, α, Best: Math.Min(3, width)));
        long[] inputs = [.. Enumerable.Range(0, 12).Select(i => (long)i)];
        using var start = decoder.Start(inputs);
        var together = search.NBest(decoder.Request(start, 10));
        foreach (var (input, found) in inputs.Zip(together))
        {
            using var alone = decoder.Start(input);
            var expected = search.NBest(decoder.Request(alone, 10))[0];
            Assert.Equal(expected.Select(Said), found.Select(Said));
        }

        static (string, double, double, bool) Said(Decoded decoded) => (string.Join(' ', decoded.Tokens), decoded.LogProbability, decoded.Score, decoded.Finished);
    }

    [Fact]
    public void A_wider_beam_finds_what_a_narrow_one_misses()
    {
        // 0 and 2 begin with .6 and .4, but 0 goes on with at most .4, 2 ends with .9: .24 and .36.
        var decoder = OfProbabilities(text => text[2..] switch
        {
            [] => [0.6, 0, 0.4],
            [0] => [0.3, 0.4, 0.3],
            [2] => [0.05, 0.9, 0.05],
            _ => [0, 1, 0],
        });
        using var start = decoder.Start(0);
        var (narrow, wide) = (new BeamSearch(1).Decode(decoder.Request(start, T))[0], new BeamSearch(2).Decode(decoder.Request(start, T))[0]);
        Assert.Equal([0L], narrow.Tokens);
        Assert.Equal(0.24, Math.Exp(narrow.LogProbability), 12);
        Assert.Equal([2L], wide.Tokens);
        Assert.Equal(0.36, Math.Exp(wide.LogProbability), 12);
    }

    [Fact]
    public void The_score_is_the_log_probability_over_the_length_penalty()
    {
        // Two tokens and the end mark: ((5 + 3) / 6)^.5.
        var decoder = OfProbabilities(text => text.Length == 4 ? [0.1, 0.8, 0.1] : [0.1, 0, 0.9]);
        using var start = decoder.Start(0);
        var best = new BeamSearch(3, LengthNormalization: 0.5).Decode(decoder.Request(start, 9))[0];
        Assert.Equal([2L, 2L], best.Tokens);
        Assert.Equal(Math.Log(0.9 * 0.9 * 0.8), best.LogProbability, 12);
        Assert.Equal(best.LogProbability / Math.Sqrt(8 / 6.0), best.Score, 12);
    }

    [Fact]
    public void The_search_stops_where_nothing_can_get_better_and_inputs_that_are_over_leave_the_batch()
    {
        // Input n ends surely enough after n tokens.
        var decoder = OfProbabilities(text => text.Length - 2 >= text[0] ? [0.02, 0.96, 0.02] : [0.49, 0.02, 0.49]);
        using var start = decoder.Start(0, 3);
        var found = new BeamSearch(2).Decode(decoder.Request(start, 100));
        Assert.Equal([0, 3], found.Select(decoded => decoded.Tokens.Length));
        Assert.Equal([2, 2, 2, 2], decoder.Rows.ToArray());
        Assert.Equal(1, decoder.States);
    }

    [Fact]
    public void Sequences_that_are_cut_off_come_after_those_that_ended()
    {
        var decoder = OfProbabilities(_ => [0.6, 0.1, 0.3]);
        using var start = decoder.Start(0);
        var found = new BeamSearch(9, Best: 9).NBest(decoder.Request(start, 2))[0];
        Assert.Equal([true, true, true, false], found.Take(4).Select(decoded => decoded.Finished));
        // p: end .1, 0 end .06, 2 end .03; then 00 .36, 02 and 20 .18, 22 .09.
        Assert.Equal([0.1, 0.06, 0.03, 0.36, 0.18, 0.18, 0.09], found.Select(decoded => Math.Round(Math.Exp(decoded.LogProbability), 12)));
        Assert.Equal([0L, 0L], found[3].Tokens);
    }

    [Fact]
    public void Without_an_end_mark_all_sequences_have_the_greatest_length()
    {
        var decoder = TableDecoder.Random(V);
        using var start = decoder.Start(1, 2);
        var found = new BeamSearch(5, Best: 5).NBest(decoder.Request(start, 6, end: null));
        Assert.All(found.SelectMany(hypotheses => hypotheses), decoded => Assert.Equal((6, false), (decoded.Tokens.Length, decoded.Finished)));
        Assert.All(found, hypotheses => Assert.Equal(5, hypotheses.Select(decoded => string.Join(' ', decoded.Tokens)).Distinct().Count()));
    }

    [Fact]
    public void All_states_but_the_callers_are_freed()
    {
        var decoder = TableDecoder.Random(V);
        using var start = decoder.Start(1, 2, 3);
        _ = new BeamSearch(4).Decode(decoder.Request(start, 7));
        _ = new GreedyDecoding().Decode(decoder.Request(start, 7));
        Assert.Equal(1, decoder.States);
        var failing = new TableDecoder(V, text => text.Count > 3 ? throw new InvalidOperationException() : [0, -9, 0]);
        using var other = failing.Start(1);
        Assert.Throws<InvalidOperationException>(() => new BeamSearch(2).Decode(failing.Request(other, 7)));
        Assert.Equal(1, failing.States);
    }

    [Fact]
    public void Unreasonable_settings_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearch(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearch(2, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearch(2, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearch(2, 0, Best: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeamSearch(2, 0, Best: 0));
        var decoder = TableDecoder.Random(V);
        using var start = decoder.Start(1);
        Assert.Throws<ArgumentOutOfRangeException>(() => decoder.Request(start, 0));
        Assert.Throws<ArgumentException>(() => new DecodingRequest(decoder, start, zeros(0, dtype: ScalarType.Int64), End, 5));
        Assert.Throws<ArgumentException>(() => new DecodingRequest(decoder, start, zeros(1), End, 5));
    }

    private static TableDecoder OfProbabilities(Func<long[], double[]> p) => new(V, text => [.. p([.. text]).Select(x => Math.Log(x))]);

    // Every sequence that ends within T tokens.
    private static IEnumerable<Decoded> All(TableDecoder decoder, long input, double α)
    {
        return Ended([], 0);

        IEnumerable<Decoded> Ended(long[] said, double logProbability)
        {
            var log_p = decoder.LogP([input, 0, .. said]);
            var ended = logProbability + log_p[End];
            yield return new(said, ended, ended / Math.Pow((5 + said.Length + 1) / 6.0, α), true);
            for (var token = 0; token < V && said.Length < T - 1; token++)
                foreach (var longer in token == End ? [] : Ended([.. said, token], logProbability + log_p[token]))
                    yield return longer;
        }
    }
}
