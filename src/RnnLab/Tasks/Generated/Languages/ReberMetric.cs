using RnnLab.Metrics;

namespace RnnLab.Tasks;

/// <summary>
/// What Hochreiter and Schmidhuber (1997) ask of a net that has learnt the Reber grammar, each as the share of strings: <c>reber_legal</c>, at
/// each step each legal successor has a
/// higher output than each other symbol; <c>reber_second_to_last</c> (of the embedded grammar), the second-to-last symbol is the likeliest at its step.
/// </summary>
/// <param name="embedded">Whether strings are of the embedded grammar.</param>
public sealed class ReberMetric(bool embedded) : IMetric
{
    private readonly ReberGrammar _grammar = embedded ? ReberGrammar.Embedded : ReberGrammar.Plain;
    private long _strings, _legal, _secondToLast;

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(prediction);
        var legal = _grammar.Successors(((TokenSteps)example.Input).Values);
        var targets = ((TokenSteps)example.Target).Values;
        _strings++;
        _legal += Enumerable.Range(0, legal.Count).All(t => AreAbove(legal[t], prediction.Outputs.AsSpan(t * prediction.Width, prediction.Width))) ? 1 : 0;
        _secondToLast += prediction.Tokens[targets.Length - 2] == targets[^2] ? 1 : 0;
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values()
    {
        if (_strings == 0)
            yield break;
        yield return ("reber_legal", (double)_legal / _strings);
        if (embedded)
            yield return ("reber_second_to_last", (double)_secondToLast / _strings);
    }

    private static bool AreAbove(IReadOnlyList<long> legal, ReadOnlySpan<double> outputs)
    {
        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var symbol = 0; symbol < outputs.Length; symbol++)
            if (legal.Contains(symbol))
                least = Math.Min(least, outputs[symbol]);
            else
                most = Math.Max(most, outputs[symbol]);
        return least > most;
    }
}
