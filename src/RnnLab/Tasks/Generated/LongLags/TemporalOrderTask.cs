namespace RnnLab.Tasks;

/// <summary>In which order X and Y came, two or three of them far apart among other symbols: Hochreiter and Schmidhuber (1997), experiment 6.</summary>
public sealed class TemporalOrderTask(TaskValues values) : GeneratedTask(
    "temporal_order", new(new(ValueKind.Tokens, Symbols.Length), new(ValueKind.Tokens, 1 << values.Integer("relevant")), TargetPlace.Sequence), values,
    Overlap.TrainingAvoidsValidation)
{
    private const string Symbols = "EBabcdXY", Classes = "QRSUVABC";
    private const int Start = 0, Trigger = 1, FirstOther = 2, LastOther = 5, FirstRelevant = 6;
    private readonly int _length = values.Integer("length");
    private readonly (int From, int To)[] _percent = values.Integer("relevant") == 2 ? [(10, 20), (50, 60)] : [(10, 20), (33, 43), (66, 76)];

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "temporal_order", "in which order two or three symbols X and Y came",
        [
            "L to L + L/10 symbols: E first, B last, the others a, b, c or d, but for X or Y, alike, at 2 or 3 steps, counted from 0 at E.",
            "2 relevant: t1 from 10 % to 20 % of L, t2 from 50 % to 60 %. XX is class Q, XY R, YX S, YY U.",
            "3 relevant: t1 from 10 % to 20 % of L, t2 from 33 % to 43 %, t3 from 66 % to 76 %. XXX is class Q, XXY R, XYX S, XYY U, YXX V, YXY A, YYX B, YYY C.",
            "The last symbol is B always: without memory all classes are alike, ln 4 = 1.386 or ln 8 = 2.079 nats.",
        ],
        "Hochreiter and Schmidhuber 1997, experiments 6a and 6b", (values, _) => new TemporalOrderTask(values),
        [new IntegerSetting("length", "L, the least length", 100, 20, 100_000), new IntegerSetting("relevant", "how many symbols X and Y", 2, 2, 3), .. Sizes()]);

    /// <inheritdoc/>
    public override Vocabulary InputVocabulary { get; } = Vocabulary.Of([.. Symbols.Select(c => c.ToString())]);

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary { get; } = Vocabulary.Of([.. Classes[..(1 << values.Integer("relevant"))].Select(c => c.ToString())]);

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("memoryless", _percent.Length * Math.Log(2))];

    /// <inheritdoc/>
    protected override string Rules => $"{_percent.Length} relevant among {_length} to {_length + _length / 10} symbols";

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        var tokens = new long[draws.Integer(_length, _length + _length / 10)];
        for (var t = 1; t < tokens.Length - 1; t++)
            tokens[t] = draws.Integer(FirstOther, LastOther);
        (tokens[0], tokens[^1]) = (Start, Trigger);
        var order = 0;
        foreach (var (from, to) in _percent)
        {
            var relevant = draws.Integer(0, 1);
            tokens[draws.Integer(_length * from / 100, _length * to / 100)] = FirstRelevant + relevant;
            order = 2 * order + relevant;
        }
        return new(new TokenSteps(tokens), new TokenSteps([order]));
    }
}
