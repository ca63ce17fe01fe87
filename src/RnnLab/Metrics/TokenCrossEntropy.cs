using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary>
/// <c>perplexity</c> exp(L) and <c>bits</c> L / ln 2 of the mean cross-entropy L = Σ w (ln Σ_k e^{z_k} − z_y) / Σ w in nats, of logits z. For targets at
/// each step or for the whole, for which logits are at hand. Bits of characters are bits per character.
/// </summary>
public sealed class TokenCrossEntropy : IMetric
{
    private readonly WeightedMean _nats = new();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are not as many logits as targets, or a target is not among the K tokens.</exception>
    public void Add(Example example, Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        var (targets, K) = (Scored.TokensOf(example), prediction.Width);
        Scored.Require(prediction.Outputs.Length == (long)targets.Length * K, $"{prediction.Outputs.Length} logits for {targets.Length} targets of {K} tokens");
        foreach (var (index, weight) in Scored.Places(example))
        {
            Scored.Require(targets[index] >= 0 && targets[index] < K, $"target {targets[index]} is none of {K} tokens");
            _nats.Add(Nats(prediction.Outputs.AsSpan(index * K, K), (int)targets[index]), weight);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values() => [.. _nats.Named("perplexity", Math.Exp), .. _nats.Named("bits", nats => nats / Math.Log(2))];

    private static double Nats(ReadOnlySpan<double> logits, int target)
    {
        var greatest = double.NegativeInfinity;
        foreach (var z in logits)
            greatest = Math.Max(greatest, z);
        var sum = 0.0;
        foreach (var z in logits)
            sum += Math.Exp(z - greatest);
        return Math.Log(sum) + greatest - logits[target];
    }
}
