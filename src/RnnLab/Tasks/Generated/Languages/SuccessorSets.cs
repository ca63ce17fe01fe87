using RnnLab.Metrics;

namespace RnnLab.Tasks;

/// <summary>Targets that say which symbols may come next, a bit each.</summary>
internal static class SuccessorSets
{
    /// <summary>Whether, at each step, just the symbols that may come next have a probability over one half: a logit over 0.</summary>
    public static bool AreRight(Example example, Prediction prediction)
        => ((RealSteps)example.Target).Values.Zip(prediction.Outputs).All(pair => (pair.First == 1) == (pair.Second > 0));
}

/// <summary><c>strings_right</c>: the share of strings in which, at each step, just the symbols that may come next have a probability over one half.</summary>
public sealed class SuccessorMetric : IMetric
{
    private long _strings, _right;

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(prediction);
        _strings++;
        _right += SuccessorSets.AreRight(example, prediction) ? 1 : 0;
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values() => _strings == 0 ? [] : [("strings_right", (double)_right / _strings)];
}
