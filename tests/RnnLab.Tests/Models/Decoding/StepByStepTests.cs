using RnnLab.Models;
using RnnLab.Models.Decoding;
using RnnLab.Randomness;

namespace RnnLab.Tests.Models.Decoding;

/// <summary>Greedy and sampled decoding, on decoders that are tables.</summary>
public sealed class StepByStepTests
{
    private const int MaxLength = 9;
    private static readonly long[] Inputs = [.. Enumerable.Range(0, 25).Select(i => (long)i)];

    [Fact]
    public void Greedy_decoding_is_the_likeliest_token_again_and_again()
        => EqualsLoop(new GreedyDecoding(), (logits, _, _) => Array.IndexOf(logits, logits.Max()));

    [Theory]
    [InlineData(1, 0, 1), InlineData(0.7, 0, 1), InlineData(1.5, 3, 1), InlineData(1, 0, 0.8), InlineData(1, 4, 0.5), InlineData(0, 0, 1)]
    public void Sampled_decoding_draws_each_token_with_its_own_number(double temperature, int topK, double topP)
    {
        var (sampling, stream) = (new Sampling(temperature, topK, topP), new RandomStream(3, "draws"));
        EqualsLoop(new SampledDecoding(sampling, stream), (logits, step, row) => sampling.Draw(logits, stream.Uniform((ulong)step, (ulong)row)));
    }

    [Fact]
    public void Sampled_sequences_have_the_models_probabilities()
    {
        // From the same input: the end at once has p, anything else 1 − p.
        var decoder = TableDecoder.Random(4);
        var p = Math.Exp(decoder.LogP([7, 0])[1]);
        using var start = decoder.Start([.. Enumerable.Repeat(7L, 20_000)]);
        var said = new SampledDecoding(new(), new(1, "many")).Decode(decoder.Request(start, 1));
        // Four standard errors.
        Assert.InRange(said.Count(decoded => decoded.Finished) / 20_000.0, p - (4 * Math.Sqrt(p * (1 - p) / 20_000)), p + (4 * Math.Sqrt(p * (1 - p) / 20_000)));
    }

    [Fact]
    public void Decoding_stops_when_all_sequences_have_ended()
    {
        // Input n ends after n tokens.
        var decoder = new TableDecoder(3, text => text.Count - 2 >= text[0] ? [0, 9, 0] : [0, -9, 1]);
        using var start = decoder.Start(0, 4, 2);
        Assert.Equal([0, 4, 2], new GreedyDecoding().Decode(decoder.Request(start, 50)).Select(decoded => decoded.Tokens.Length));
        Assert.Equal(5, decoder.Steps);
    }

    [Fact]
    public void Decoding_leaves_no_tensors_behind_in_the_callers_scope()
    {
        using var scope = NewDisposeScope();
        var decoder = TableDecoder.Random(5);
        using var start = decoder.Start(1, 2);
        var request = decoder.Request(start, 9);
        var before = scope.DisposablesCount;
        foreach (var decoding in (IDecoding[])[new GreedyDecoding(), new SampledDecoding(new(TopP: 0.9), new(1, "x")), new BeamSearch(3)])
            _ = decoding.Decode(request);
        Assert.Equal(before, scope.DisposablesCount);
        Assert.False(request.First.IsInvalid);
    }

    private static void EqualsLoop(IDecoding decoding, Func<double[], int, int, long> choose)
    {
        var decoder = TableDecoder.Random(6);
        using var start = decoder.Start(Inputs);
        var said = decoding.Decode(decoder.Request(start, MaxLength));
        Assert.Contains(said, decoded => decoded.Finished);
        for (var row = 0; row < Inputs.Length; row++)
        {
            var (text, log_p, finished) = (new List<long> { Inputs[row], 0 }, 0.0, false);
            for (var step = 0; step < MaxLength && !finished; step++)
            {
                var token = choose(decoder.Logits(text), step, row);
                log_p += decoder.LogP(text)[token];
                finished = token == 1;
                text.Add(token);
            }
            Assert.Equal(finished, said[row].Finished);
            Assert.Equal(text.Skip(2).SkipLast(finished ? 1 : 0), said[row].Tokens);
            Assert.Equal(log_p, said[row].LogProbability, 12);
            Assert.Equal(log_p, said[row].Score, 12);
        }
    }
}
