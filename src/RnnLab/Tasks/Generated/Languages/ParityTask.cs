namespace RnnLab.Tasks;

/// <summary>
/// Whether the number of ones in a string of bits is odd, at the end or at each step. The classical problem of Minsky and Papert (1969), over time.
/// </summary>
public sealed class ParityTask(TaskValues values) : GeneratedTask("parity", ShapeOf(values.Flag("each_step")), Checked(values), Overlap.TrainingAvoidsValidation)
{
    private readonly int _least = values.Integer("min_length"), _length = values.Integer("length");
    private readonly bool _eachStep = values.Flag("each_step");

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "parity", "whether the number of ones so far is odd",
        [
            "Bits, 0 and 1 alike, of a length from min_length to length, all alike.",
            "Target at the end, or at each step: odd where the number of ones up to there is odd, else even.",
            "Strings of the validation part are never trained on. Odd and even are alike: chance is ln 2 = .693 nats.",
        ],
        "Minsky and Papert 1969", (values, _) => new ParityTask(values),
        [
            new IntegerSetting("length", "the longest", 40, 1, 100_000), new IntegerSetting("min_length", "the shortest", 20, 1, 100_000),
            new FlagSetting("each_step", "whether each step is asked for, not the last alone", false), .. Sizes(),
        ]);

    /// <inheritdoc/>
    public override Vocabulary InputVocabulary { get; } = Vocabulary.Of(["0", "1"]);

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary { get; } = Vocabulary.Of(["even", "odd"]);

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("chance", Math.Log(2))];

    /// <inheritdoc/>
    protected override string Rules => $"{_least} to {_length} bits, asked {(_eachStep ? "at each step" : "at the end")}";

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        var bits = new long[draws.Integer(_least, _length)];
        var parities = new long[bits.Length];
        for (var t = 0; t < bits.Length; t++)
        {
            bits[t] = draws.Integer(0, 1);
            parities[t] = t == 0 ? bits[0] : parities[t - 1] ^ bits[t];
        }
        return new(new TokenSteps(bits), new TokenSteps(_eachStep ? parities : parities[^1..]));
    }

    private static TaskShape ShapeOf(bool eachStep)
        => new(new(ValueKind.Tokens, 2), new(ValueKind.Tokens, 2), eachStep ? TargetPlace.EachStep : TargetPlace.Sequence) { IsCausal = eachStep };

    private static TaskValues Checked(TaskValues values) => values.Integer("min_length") > values.Integer("length")
        ? throw values.Error("min_length", $"{values.Integer("min_length")} is more than length, {values.Integer("length")}")
        : values;
}
