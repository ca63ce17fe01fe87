namespace RnnLab.Tasks;

/// <summary>
/// Noise-free sequences with a long time lag: of two sequences (y, a1, …, a(p−1), y) and (x, a1, …, a(p−1), x) the last symbol is told by the first alone.
/// Hochreiter and Schmidhuber (1997), experiment 2a.
/// </summary>
public sealed class LongLagTask(TaskValues values) : GeneratedTask("long_lag", ShapeOf(values.Integer("lag")), values, Overlap.Allowed)
{
    private readonly int _lag = values.Integer("lag");

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "long_lag", "predict the next symbol; the last is the first, a long time ago",
        [
            "p + 1 symbols a1 … a(p-1), x, y; two sequences, each with probability 1/2: (y, a1, …, a(p-1), y) and (x, a1, …, a(p-1), x).",
            "Inputs: the first p symbols. Target at each step: the next symbol. There are no other sequences, so that training and validation share both.",
            "All but the last target follow from the present symbol; that is a coin without memory: ln 2 / p nats a step.",
        ],
        "Hochreiter and Schmidhuber 1997, experiment 2a", (values, _) => new LongLagTask(values),
        [new IntegerSetting("lag", "p, steps from the first symbol to its return", 100, 2, 10_000), .. Sizes(0, 100)]);

    /// <inheritdoc/>
    public override Vocabulary InputVocabulary { get; } = Vocabulary.Of([.. Enumerable.Range(1, values.Integer("lag") - 1).Select(i => $"a{i}"), "x", "y"]);

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary => InputVocabulary;

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("memoryless", Math.Log(2) / _lag)];

    /// <inheritdoc/>
    protected override string Rules => $"lag {_lag}";

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        long ends = draws.Integer(_lag - 1, _lag);
        var between = Enumerable.Range(0, _lag - 1).Select(a => (long)a).ToArray();
        return new(new TokenSteps([ends, .. between]), new TokenSteps([.. between, ends]));
    }

    private static TaskShape ShapeOf(int lag)
        => new(new(ValueKind.Tokens, lag + 1), new(ValueKind.Tokens, lag + 1), TargetPlace.EachStep) { IsCausal = true, IsAutoregressive = true };
}
