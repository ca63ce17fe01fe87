namespace RnnLab.Tasks;

/// <summary>
/// Tags that depend on a symbol further right: whether the symbol k steps later is higher than this one. What comes before tells nothing of it,
/// so the best answer of any
/// model that reads from left to right alone is known.
/// </summary>
public sealed class RightContextTask(TaskValues values) : GeneratedTask(
    "right_context", new(new(ValueKind.Tokens, values.Integer("symbols")), new(ValueKind.Tokens, 2), TargetPlace.EachStep), Checked(values),
    Overlap.TrainingAvoidsValidation)
{
    private readonly int _length = values.Integer("length"), _distance = values.Integer("distance"), _symbols = values.Integer("symbols");

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "right_context", "a tag that depends on this symbol and on one further right",
        [
            "T symbols 0 … K-1, all alike. The tag at t is higher where x(t+k) > x(t), else not_higher; the last k steps do not count.",
            "From left to right x(t+k) is not to be known: given x(t) = v the tag is higher with probability q(v) = (K-1-v)/K.",
            "The best one-directional answer has accuracy mean of max(q, 1-q) over v, and loss mean of H(q) nats: .750 and .4545 at K = 4. With both directions: 1 and 0.",
        ],
        "RnnLab", (values, _) => new RightContextTask(values),
        [
            new IntegerSetting("length", "T, steps", 30, 2, 100_000), new IntegerSetting("distance", "k, steps to the right", 3, 1, 99_999),
            new IntegerSetting("symbols", "K", 4, 2, 1000), .. Sizes(),
        ]);

    /// <inheritdoc/>
    public override Vocabulary InputVocabulary { get; } = Vocabulary.Of([.. Enumerable.Range(0, values.Integer("symbols")).Select(i => i.ToString())]);

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary { get; } = Vocabulary.Of(["not_higher", "higher"]);

    /// <summary>The accuracy that no model which reads from left to right alone exceeds: the mean of max(q, 1 − q).</summary>
    public double OneDirectionalAccuracy => Chances().Average(q => Math.Max(q, 1 - q));

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("one_directional", Chances().Average(Entropy.OfBit))];

    /// <inheritdoc/>
    protected override string Rules
        => $"{_symbols} symbols, {_length} steps, the tag by that {_distance} to the right; from left to right at most {OneDirectionalAccuracy:P1}";

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        var symbols = new long[_length];
        for (var t = 0; t < _length; t++)
            symbols[t] = draws.Integer(0, _symbols - 1);
        var (tags, weights) = (new long[_length], new float[_length]);
        for (var t = 0; t < _length - _distance; t++)
            (tags[t], weights[t]) = (symbols[t + _distance] > symbols[t] ? 1 : 0, 1);
        return new(new TokenSteps(symbols), new TokenSteps(tags), weights);
    }

    /// <summary>q(v) of each symbol v.</summary>
    private IEnumerable<double> Chances() => Enumerable.Range(0, _symbols).Select(v => (_symbols - 1.0 - v) / _symbols);

    private static TaskValues Checked(TaskValues values) => values.Integer("distance") >= values.Integer("length")
        ? throw values.Error("distance", $"{values.Integer("distance")} is not less than length, {values.Integer("length")}")
        : values;
}
