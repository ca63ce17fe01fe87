using RnnLab.Models.Decoding;
using RnnLab.Randomness;

namespace RnnLab.Tests.Models.Decoding;

/// <summary>A decoder whose probabilities are a function of all that it was fed, and that counts the states it has made.</summary>
/// <param name="vocabulary">V.</param>
/// <param name="logits">The V logits after a text: the number of its input, then the tokens fed.</param>
internal sealed class TableDecoder(int vocabulary, Func<IReadOnlyList<long>, double[]> logits) : ITokenDecoder
{
    /// <summary>States that are alive.</summary>
    public int States { get; private set; }

    public int Steps { get; private set; }

    /// <summary>The rows of each step.</summary>
    public List<long> Rows { get; } = [];

    /// <summary>Logits drawn for each text, up to 4.</summary>
    public static TableDecoder Random(int vocabulary, ulong seed = 1)
    {
        var stream = new RandomStream(seed, "table");
        return new(vocabulary, text =>
        {
            var code = text.Aggregate(17UL, (sum, token) => (sum * 1_000_003) + (ulong)token + 1);
            return [.. Enumerable.Range(0, vocabulary).Select(k => 4 * stream.Uniform(code, (ulong)k))];
        });
    }

    public double[] Logits(IReadOnlyList<long> text) => logits(text);

    /// <summary>ln p of each token after a text.</summary>
    public double[] LogP(IReadOnlyList<long> text)
    {
        var z = logits(text);
        var total = Math.Log(z.Sum(Math.Exp));
        return [.. z.Select(value => value - total)];
    }

    public DecoderState Start(params long[] inputs) => new State(this, [.. inputs.Select(input => new[] { input })]);

    /// <summary>All inputs, from the token 0 on, until token 1.</summary>
    public DecodingRequest Request(DecoderState start, int maxLength, long? end = 1)
        => new(this, start, zeros(((State)start).Texts.Length, dtype: ScalarType.Int64), end, maxLength);

    public (Tensor Logits, DecoderState State) Step(Tensor tokens, DecoderState state)
    {
        var texts = ((State)state).Texts.Zip(tokens.data<long>().ToArray(), (text, token) => (long[])[.. text, token]).ToArray();
        Assert.Equal(tokens.shape[0], texts.Length);
        Steps++;
        Rows.Add(texts.Length);
        return (tensor(texts.SelectMany(logits).ToArray(), [texts.Length, vocabulary]), new State(this, texts));
    }

    private sealed class State : DecoderState
    {
        private readonly TableDecoder _decoder;

        public State(TableDecoder decoder, long[][] texts)
        {
            (_decoder, Texts) = (decoder, texts);
            _decoder.States++;
        }

        public long[][] Texts { get; }

        public override DecoderState Select(Tensor rows) => new State(_decoder, [.. rows.data<long>().ToArray().Select(row => Texts[row])]);

        public override void Dispose() => _decoder.States--;
    }
}
