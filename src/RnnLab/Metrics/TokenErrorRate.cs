using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary>
/// <c>token_error_rate</c>: the edits that make what is said the targets, Σ distance / Σ |target| over the whole set, marks not counted. Over 1 where
/// much is said that was not asked; of words it is the word error rate, of phonemes the phoneme error rate.
/// </summary>
public sealed class TokenErrorRate : IMetric
{
    private long _edits, _tokens;

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
    {
        var target = Scored.TokensOf(example);
        _edits += EditDistance.Of(target, prediction.Tokens);
        _tokens += target.Length;
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values() => _tokens > 0 ? [("token_error_rate", (double)_edits / _tokens)] : [];
}
