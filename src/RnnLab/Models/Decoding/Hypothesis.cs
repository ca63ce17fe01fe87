namespace RnnLab.Models.Decoding;

/// <summary>A sequence that a beam search is saying, or has said: its last token and what came before it, which others may share.</summary>
internal sealed class Hypothesis
{
    private readonly Hypothesis? _before;
    private readonly long _token;

    private Hypothesis(Hypothesis? before, long token, double logProbability)
        => (_before, _token, LogProbability, Length) = (before, token, logProbability, before is null ? 0 : before.Length + 1);

    /// <summary>Nothing said.</summary>
    public static Hypothesis Empty { get; } = new(null, 0, 0);

    /// <summary>Σ ln p of all its tokens.</summary>
    public double LogProbability { get; }

    /// <summary>How many tokens.</summary>
    public int Length { get; }

    /// <summary>This one and a further token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="logProbability">Of all, the token's included.</param>
    public Hypothesis With(long token, double logProbability) => new(this, token, logProbability);

    /// <summary>As a result.</summary>
    /// <param name="score">Its score.</param>
    /// <param name="finished">Whether its last token is the end mark, which is left out.</param>
    public Decoded ToDecoded(double score, bool finished)
    {
        var tokens = new long[Length];
        for (var (node, i) = (this, Length - 1); i >= 0; node = node._before!, i--)
            tokens[i] = node._token;
        return new(finished ? tokens[..^1] : tokens, LogProbability, score, finished);
    }
}
