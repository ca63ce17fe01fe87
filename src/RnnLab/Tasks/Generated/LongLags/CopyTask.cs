namespace RnnLab.Tasks;

/// <summary>Copy memory: symbols to be said again after a long wait. Hochreiter and Schmidhuber (1997) in the form of Arjovsky, Shah and Bengio (2016).</summary>
public sealed class CopyTask(TaskValues values) : GeneratedTask("copy", ShapeOf(values.Integer("symbols")), values, Overlap.TrainingAvoidsValidation)
{
    private const long Blank = 0;
    private readonly int _delay = values.Integer("delay"), _symbols = values.Integer("symbols"), _items = values.Integer("items");

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "copy", "say symbols again after a long wait",
        [
            "n items of K symbols, alike; T - 1 blanks; the delimiter; n blanks: T + 2n steps. (As published n = 10, K = 8: T + 20 steps.)",
            "Target at each step: blank T + n times, then the n items. Every step counts.",
            "Who knows the time but not the items says blank, then all symbols alike: n ln K / (T + 2n) nats a step, as published 10 ln 8 / (T + 20); .0945 at T = 200.",
        ],
        "Arjovsky, Shah and Bengio 2016", (values, _) => new CopyTask(values),
        [
            new IntegerSetting("delay", "T, steps from the last item to the delimiter", 200, 1, 100_000),
            new IntegerSetting("symbols", "K, of which items are", 8, 2, 1000),
            new IntegerSetting("items", "n, how many are to be copied", 10, 1, 10_000), .. Sizes(),
        ]);

    /// <inheritdoc/>
    public override Vocabulary InputVocabulary { get; } = Vocabulary.Of(Names(values.Integer("symbols"), "delimiter"));

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary { get; } = Vocabulary.Of(Names(values.Integer("symbols")));

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("memoryless", _items * Math.Log(_symbols) / (_delay + 2 * _items))];

    /// <inheritdoc/>
    protected override string Rules => $"{_items} of {_symbols} symbols, delay {_delay}";

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        var (input, target) = (new long[_delay + 2 * _items], new long[_delay + 2 * _items]);
        for (var i = 0; i < _items; i++)
            input[i] = target[_delay + _items + i] = Blank + draws.Integer(1, _symbols);
        input[_items + _delay - 1] = _symbols + 1;
        return new(new TokenSteps(input), new TokenSteps(target));
    }

    private static TaskShape ShapeOf(int symbols)
        => new(new(ValueKind.Tokens, symbols + 2), new(ValueKind.Tokens, symbols + 1), TargetPlace.EachStep) { IsCausal = true };

    private static string[] Names(int symbols, params string[] more) => ["blank", .. Enumerable.Range(1, symbols).Select(i => i.ToString()), .. more];
}
