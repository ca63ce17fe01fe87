using RnnLab.Metrics;

namespace RnnLab.Tasks;

/// <summary>
/// Prediction of the next symbol of strings of the (embedded) Reber grammar, on strings that are not in the finite training part: Hochreiter and
/// Schmidhuber (1997), experiment 1.
/// </summary>
public sealed class ReberTask(TaskValues values) : GeneratedTask(
    "embedded_reber", new(Symbol, Symbol, TargetPlace.EachStep) { IsCausal = true, IsAutoregressive = true }, values, Overlap.ValidationAvoidsTraining)
{
    private static readonly ValueShape Symbol = new(ValueKind.Tokens, ReberGrammar.Symbols.Count);
    private readonly bool _embedded = values.Flag("embedded");

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "embedded_reber", "predict the next symbol of strings of the embedded Reber grammar",
        [
            "Strings B, then T or P, then a string of the Reber grammar, then the same T or P, then E; at each fork both ways alike. embedded: false is the plain grammar.",
            "Inputs: all symbols but the last. Target at each step: the next symbol.",
            "Training strings are drawn independently; so are validation strings, but none of those; and as many test strings, of neither part.",
            "reber_legal: the share of strings in which, at each step, all legal successors have a higher output than all other symbols.",
            "reber_second_to_last: the share in which the second-to-last symbol is the likeliest at its step.",
            "Levels of the validation strings: grammar, 1/2 for each of two legal successors; memoryless, p(next | present symbol) of the grammar.",
        ],
        "Hochreiter and Schmidhuber 1997, experiment 1; Smith and Zipser 1989; Reber 1967", (values, _) => new ReberTask(values),
        [
            new FlagSetting("embedded", "the embedded grammar, not the plain one", true), new IntegerSetting("examples", "training strings", 256, 1, 100_000),
            new IntegerSetting("validation_examples", "strings for validation", 256, 1, 100_000),
        ]);

    /// <inheritdoc/>
    public override Vocabulary InputVocabulary { get; } = Vocabulary.Of(ReberGrammar.Symbols);

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary => InputVocabulary;

    /// <inheritdoc/>
    public override IReadOnlyList<ExampleSet> Evaluation
        => [.. base.Evaluation, new("test", Part("test", Validation.Count, new(() => [.. Training.Inputs().Value, .. Validation.Inputs().Value])))];

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines
    {
        get
        {
            var next = Grammar.NextBySymbol();
            var (steps, grammar, memoryless) = (0L, 0.0, 0.0);
            for (long i = 0; i < Validation.Count; i++)
            {
                var (input, target) = (((TokenSteps)Validation[i].Input).Values, ((TokenSteps)Validation[i].Target).Values);
                steps += input.Length;
                grammar += Grammar.Successors(input).Sum(legal => Math.Log(legal.Count));
                memoryless -= input.Zip(target, (now, then) => Math.Log(next[now, then])).Sum();
            }
            return [new("memoryless", memoryless / steps), new("grammar", grammar / steps)];
        }
    }

    /// <inheritdoc/>
    protected override string Rules => _embedded ? "the embedded grammar" : "the plain grammar";

    private ReberGrammar Grammar => _embedded ? ReberGrammar.Embedded : ReberGrammar.Plain;

    /// <inheritdoc/>
    public override IReadOnlyList<IMetric> NewMetrics() => [.. base.NewMetrics(), new ReberMetric(_embedded)];

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        var symbols = Grammar.Draw(draws);
        return new(new TokenSteps(symbols[..^1]), new TokenSteps(symbols[1..]));
    }
}
