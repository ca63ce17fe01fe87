using RnnLab.Metrics;

namespace RnnLab.Tasks;

/// <summary>The product of the two marked numbers of a long sequence: Hochreiter and Schmidhuber (1997), experiment 5.</summary>
public sealed class MultiplicationTask(TaskValues values)
    : GeneratedTask("multiplication", new(new(ValueKind.Reals, 2), new(ValueKind.Reals, 1), TargetPlace.Sequence), values, Overlap.Allowed)
{
    private readonly int _length = values.Integer("length");

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "multiplication", "the product of the two marked numbers of a sequence",
        [
            "T to T + T/10 pairs, values uniform in [0, 1); one of the first ten pairs is marked 1, then one of the first T/2 - 1 not yet marked, others 0.",
            "The first and the last pair have mark -1. Where the first is chosen it keeps that mark and its value is 1. Target at the end: X1 X2.",
            "The best answer without memory is the mean: squared error p/3 + (1 - p)/9 - (p/2 + (1 - p)/4)^2, p = 1/10 + 9/10 / (T/2 - 2).",
            "within: the share of sequences with an error below 0.04.",
        ],
        "Hochreiter and Schmidhuber 1997, experiment 5", (values, _) => new MultiplicationTask(values),
        [new IntegerSetting("length", "T", 100, MarkedPairs.LeastLength, 100_000), .. Sizes()]);

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines
    {
        get
        {
            // One of the two is 1 with probability p, so that the product is uniform; else it is a product of two uniform numbers.
            var p = MarkedPairs.FirstIsChosen(_length);
            var mean = p / 2 + (1 - p) / 4;
            return [new("memoryless", p / 3 + (1 - p) / 9 - mean * mean)];
        }
    }

    /// <inheritdoc/>
    protected override string Rules => $"{_length} to {_length + _length / 10} pairs";

    /// <inheritdoc/>
    public override IReadOnlyList<IMetric> NewMetrics() => [.. base.NewMetrics(), new WithinBound(MarkedPairs.RightWithin)];

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        var (pairs, first, second) = MarkedPairs.Draw(draws, _length, 0, 1);
        return new(pairs, new RealSteps([first * second], 1));
    }
}
