using RnnLab.Metrics;

namespace RnnLab.Tasks;

/// <summary>
/// <c>largest_n</c>: the largest n such that each string aⁿbⁿ (cⁿ) up to it was right at each step; 0 where the first is not. With sets of
/// successors right is that just these have a
/// probability over one half; with symbols, that the likeliest may come next.
/// </summary>
/// <param name="letters">2 for aⁿbⁿ, 3 for aⁿbⁿcⁿ.</param>
public sealed class LargestNMetric(int letters) : IMetric
{
    private readonly Dictionary<int, bool> _right = [];

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(prediction);
        var n = (example.Input.Length - 1) / letters;
        var right = example.Target is RealSteps ? SuccessorSets.AreRight(example, prediction) : AreLegal(((TokenSteps)example.Target).Values, prediction.Tokens, n);
        _right[n] = right && _right.GetValueOrDefault(n, true);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values()
    {
        if (_right.Count == 0)
            yield break;
        var n = 0;
        while (_right.GetValueOrDefault(n + 1))
            n++;
        yield return ("largest_n", n);
    }

    // The targets begin a … a b: after each a, at the steps 1 to n, both a and b may come.
    private static bool AreLegal(long[] targets, long[] said, int n)
        => Enumerable.Range(0, targets.Length).All(t => said[t] == targets[t] || (t >= 1 && t <= n && (said[t] == targets[0] || said[t] == targets[n])));
}
