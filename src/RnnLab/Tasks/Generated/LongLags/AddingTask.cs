using RnnLab.Metrics;

namespace RnnLab.Tasks;

/// <summary>
/// The adding problem: the sum of the two marked numbers of a long sequence. As in Le et al. (2015) and Arjovsky et al. (2016), or the original
/// of Hochreiter and Schmidhuber (1997).
/// </summary>
public sealed class AddingTask(TaskValues values)
    : GeneratedTask("adding", new(new(ValueKind.Reals, 2), new(ValueKind.Reals, 1), TargetPlace.Sequence), Checked(values), Overlap.Allowed)
{
    private readonly int _length = values.Integer("length");
    private readonly bool _original = IsOriginal(values);

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "adding", "the sum of the two marked numbers of a sequence",
        [
            "le2015: T steps (u, m), u uniform in [0, 1); m is 1 at one of the first T/2 steps and at one of the others, else 0. Target: the sum of the marked u.",
            "The best answer without memory is the mean, 1: squared error 1/6 = .167.",
            "1997: T to T + T/10 pairs, values uniform in [-1, 1); one of the first ten pairs is marked 1, then one of the first T/2 - 1 not yet marked.",
            "The first and the last pair have mark -1. Where the first is chosen it keeps that mark and its value is 0. Target at the end: 0.5 + (X1 + X2)/4.",
            "The best answer without memory is 0.5: squared error (2 - p)/48, p = 1/10 + 9/10 / (T/2 - 2); .0392 at T = 100.",
            "within: the share of sequences with an error below 0.04.",
        ],
        "Hochreiter and Schmidhuber 1997, experiment 4; Le, Jaitly and Hinton 2015; Arjovsky, Shah and Bengio 2016",
        (values, _) => new AddingTask(values),
        [new IntegerSetting("length", "T, steps", 200, 2, 100_000), new WordSetting("variant", "which form", "le2015", "le2015", "1997"), .. Sizes()]);

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("memoryless", _original ? (2 - MarkedPairs.FirstIsChosen(_length)) / 48 : 1.0 / 6)];

    /// <inheritdoc/>
    protected override string Rules => _original ? $"{_length} to {_length + _length / 10} pairs, the form of 1997" : $"{_length} steps";

    /// <inheritdoc/>
    public override IReadOnlyList<IMetric> NewMetrics() => [.. base.NewMetrics(), new WithinBound(MarkedPairs.RightWithin)];

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        if (_original)
        {
            var (pairs, first, second) = MarkedPairs.Draw(draws, _length, -1, 0);
            return new(pairs, new RealSteps([0.5 + (first + second) / 4], 1));
        }
        var steps = new double[2 * _length];
        for (var t = 0; t < _length; t++)
            steps[2 * t] = draws.Uniform();
        var (one, two) = (draws.Integer(0, _length / 2 - 1), draws.Integer(_length / 2, _length - 1));
        steps[2 * one + 1] = steps[2 * two + 1] = 1;
        return new(new RealSteps(steps, 2), new RealSteps([steps[2 * one] + steps[2 * two]], 1));
    }

    private static bool IsOriginal(TaskValues values) => values.Word("variant") == "1997";

    private static TaskValues Checked(TaskValues values) => IsOriginal(values) && values.Integer("length") < MarkedPairs.LeastLength
        ? throw values.Error("length", $"the form of 1997 needs at least {MarkedPairs.LeastLength}")
        : values;
}
