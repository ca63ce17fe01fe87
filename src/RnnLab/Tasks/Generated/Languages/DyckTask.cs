using RnnLab.Metrics;
using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>
/// Which brackets may come next in balanced strings of k kinds of brackets, nested up to a depth: the Dyck-(k, m) languages (Hewitt et al. 2020), with
/// sets as targets (Suzgun et al. 2019).
/// </summary>
public sealed class DyckTask(TaskValues values) : GeneratedTask("dyck", ShapeOf(values.Integer("kinds")), Checked(values), Overlap.TrainingAvoidsValidation)
{
    private readonly int _kinds = values.Integer("kinds"), _depth = values.Integer("depth"), _length = values.Integer("length");
    private readonly int _furthest = values.Integer("test_length");
    private readonly ulong _seed = values.Seed;

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "dyck", "which brackets may come next in balanced strings",
        [
            "Balanced strings of k kinds of brackets, never deeper than m, of an even length from half of L to L, all lengths alike.",
            "A bracket is opened with probability 1/2, of each kind alike; always at depth 0, never at depth m, and never where the rest is needed for closing.",
            "Inputs: the brackets, 2k tokens, first the opening ones. Target at each step: for each bracket a bit, whether the language allows it next,",
            "that is each opening one where the depth is below m, and the closing one of the innermost open bracket.",
            "strings_right: the share of strings with p > 1/2 for just these at each step. A further set, longer, has even lengths from L + 2 to test_length.",
            "memoryless, by the present bracket alone: k (H(a) + H(b/k))/2 nats a step, H the entropy of a bit,",
            "a = P(depth < m) after an opening bracket and b = P(depth > 0) after a closing one, both exact.",
        ],
        "Hewitt et al. 2020; Suzgun et al. 2019", (values, _) => new DyckTask(values),
        [
            new IntegerSetting("kinds", "k, kinds of brackets", 2, 1, 1000), new IntegerSetting("depth", "m, the greatest depth", 4, 1, 100),
            new IntegerSetting("length", "L, the greatest length", 40, 2, 2000),
            new IntegerSetting("test_length", "the greatest length of a further set; 0 for none", 0, 0, 100_000), .. Sizes(),
        ]);

    /// <inheritdoc/>
    public override Vocabulary InputVocabulary { get; } = Vocabulary.Of(Names(values.Integer("kinds")));

    /// <inheritdoc/>
    public override IReadOnlyList<ExampleSet> Evaluation => _furthest == 0 ? base.Evaluation : [.. base.Evaluation, new("longer", Longer())];

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines
    {
        get
        {
            var depths = DyckDepths.Of(Halves(_length), _depth);
            // Half of all brackets open. A set's bits are k alike, whose chances differ after an opening and after a closing bracket.
            return [new("memoryless", _kinds * (Entropy.OfBit(depths.BelowMostAfterOpening) + Entropy.OfBit(depths.InsideAfterClosing / _kinds)) / 2)];
        }
    }

    /// <inheritdoc/>
    protected override string Rules => $"{_kinds} kinds of brackets, depth to {_depth}, length to {_length}";

    /// <inheritdoc/>
    public override IReadOnlyList<IMetric> NewMetrics() => [.. base.NewMetrics(), new SuccessorMetric()];

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        var (from, to) = Halves(_length);
        return Draw(draws, from, to);
    }

    private DrawnExamples Longer()
        => new(new RandomStream(_seed, "task/dyck/longer"), draws => Draw(draws, _length / 2 + 1, _furthest / 2), Validation.Count);

    private Example Draw(Draws draws, int leastHalf, int mostHalf)
    {
        var brackets = new long[2 * draws.Integer(leastHalf, mostHalf)];
        var bits = new double[brackets.Length * 2 * _kinds];
        var open = new Stack<long>();
        for (var t = 0; t < brackets.Length; t++)
        {
            if (draws.Coin(DyckDepths.Opening(open.Count, _depth, brackets.Length - t)))
                open.Push(brackets[t] = draws.Integer(0, _kinds - 1));
            else
                brackets[t] = _kinds + open.Pop();
            var next = bits.AsSpan(t * 2 * _kinds, 2 * _kinds);
            next[.._kinds].Fill(open.Count < _depth ? 1 : 0);
            if (open.TryPeek(out var innermost))
                next[_kinds + (int)innermost] = 1;
        }
        return new(new TokenSteps(brackets), new RealSteps(bits, 2 * _kinds));
    }

    /// <summary>Half the least and half the greatest even length of a part that reaches to a length.</summary>
    private static (int From, int To) Halves(int length) => ((length / 2 + 1) / 2, length / 2);

    private static TaskShape ShapeOf(int kinds) => new(new(ValueKind.Tokens, 2 * kinds), new(ValueKind.Bits, 2 * kinds), TargetPlace.EachStep) { IsCausal = true };

    private static string[] Names(int kinds) => kinds <= 4
        ? [.. "([{<"[..kinds].Concat(")]}>"[..kinds]).Select(c => c.ToString())]
        : [.. Enumerable.Range(1, kinds).Select(i => $"({i}"), .. Enumerable.Range(1, kinds).Select(i => $"{i})")];

    private static TaskValues Checked(TaskValues values) => values.Integer("test_length") is > 0 and var furthest && furthest < values.Integer("length") + 2
        ? throw values.Error("test_length", $"{furthest} is not at least length + 2, {values.Integer("length") + 2}; 0 is for no further set")
        : values;
}
