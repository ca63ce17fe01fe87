namespace RnnLab.Models.Decoding;

/// <summary>A sequence that a model said.</summary>
/// <param name="Tokens">What it said, without begin and end marks.</param>
/// <param name="LogProbability">Σ ln p of its tokens under the model, that of the end mark included where it said it.</param>
/// <param name="Score">What it was ranked by: the log probability, normalised by length where that was asked for.</param>
/// <param name="Finished">Whether it said the end mark, and was not cut off.</param>
public sealed record Decoded(long[] Tokens, double LogProbability, double Score, bool Finished)
{
    /// <summary>Its tokens under a lower limit, which counts the end mark: all of them where it ended in time, else the first ones.</summary>
    /// <param name="limit">At least 1.</param>
    public long[] Cut(int limit) => Tokens.Length + (Finished ? 1 : 0) <= limit ? Tokens : Tokens[..Math.Min(limit, Tokens.Length)];
}
