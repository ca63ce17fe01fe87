using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary><c>accuracy</c>: the share of targets whose likeliest token is the right one, Σ w [ŷ = y] / Σ w.</summary>
public sealed class Accuracy : IMetric
{
    private readonly WeightedMean _right = new();

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
    {
        foreach (var (target, said, weight) in Scored.Tokens(example, prediction))
            _right.Add(target == said ? 1 : 0, weight);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values() => _right.Named("accuracy");
}

/// <summary><c>sequence_accuracy</c>: the share of sequences all of whose scored steps are right. A sequence without any does not count.</summary>
public sealed class SequenceAccuracy : IMetric
{
    private readonly WeightedMean _right = new();

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
    {
        var (any, all) = (false, true);
        foreach (var (target, said, _) in Scored.Tokens(example, prediction))
            (any, all) = (true, all && target == said);
        if (any)
            _right.Add(all ? 1 : 0);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values() => _right.Named("sequence_accuracy");
}

/// <summary><c>exact_match</c>: the share of sequences of their own that are said without a fault.</summary>
public sealed class ExactMatch : IMetric
{
    private readonly WeightedMean _right = new();

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
        => _right.Add(Scored.TokensOf(example).AsSpan().SequenceEqual(prediction.Tokens) ? 1 : 0);

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values() => _right.Named("exact_match");
}
