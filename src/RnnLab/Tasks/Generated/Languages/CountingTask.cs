using RnnLab.Metrics;
using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>Prediction of what comes next in strings aⁿbⁿ or aⁿbⁿcⁿ, far beyond the lengths trained on: Gers and Schmidhuber (2001).</summary>
public sealed class CountingTask : ExampleTask
{
    // Tokens: S and T enclose a string, then the letters.
    private const int Start = 0, End = 1, FirstLetter = 2;
    private readonly string _name;
    private readonly int _letters, _most;
    private readonly bool _symbols;

    private CountingTask(string name, int letters, TaskValues values)
    {
        (_name, _letters, _most, _symbols) = (name, letters, values.Integer("n"), values.Word("target") == "symbol");
        var furthest = values.Integer("test_n");
        if (furthest < _most)
            throw values.Error("test_n", $"{furthest} is less than n, {_most}");
        var size = FirstLetter + letters;
        var target = new ValueShape(_symbols ? ValueKind.Tokens : ValueKind.Bits, size);
        Shape = new(new(ValueKind.Tokens, size), target, TargetPlace.EachStep) { IsCausal = true, IsAutoregressive = _symbols };
        InputVocabulary = Vocabulary.Of([.. "STabc"[..size].Select(c => c.ToString())]);
        long? count = values.Long("examples") is > 0 and var examples ? examples : null;
        Training = new DrawnExamples(new RandomStream(values.Seed, $"task/{name}/train"), draws => OfLength(draws.Integer(1, _most)), count);
        Evaluation = [new("validation", UpTo(_most)), new($"up_to_{furthest}", UpTo(furthest))];
    }

    /// <summary>aⁿbⁿ, context-free.</summary>
    public static TaskKind ContextFree { get; } = KindOf("anbn", 2, "a^n b^n");

    /// <summary>aⁿbⁿcⁿ, context-sensitive.</summary>
    public static TaskKind ContextSensitive { get; } = KindOf("anbncn", 3, "a^n b^n c^n");

    /// <inheritdoc/>
    public override TaskShape Shape { get; }

    /// <inheritdoc/>
    public override IExamples Training { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ExampleSet> Evaluation { get; }

    /// <inheritdoc/>
    public override Vocabulary InputVocabulary { get; }

    /// <inheritdoc/>
    public override Vocabulary? TargetVocabulary => _symbols ? InputVocabulary : null;

    /// <inheritdoc/>
    public override string Description
        => $"{_name}: n from 1 to {_most}; {(Training.Count is { } count ? $"{count:N0} training strings" : "training strings without an end")}, {Evaluation[1].Name}";

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines
    {
        get
        {
            // Of the N(N + 1)/2 times that a letter stands in the N strings, N are its last.
            double strings = _most, each = strings * (strings + 1) / 2, steps = _letters * each + strings;
            var last = each * Entropy.OfBit(2 / (strings + 1));
            return _symbols
                ? [new("memoryless", _letters * last / steps), new("language", strings * Math.Log(strings) / steps)]
                : [new("memoryless", 2 * (_letters - 1) * last / steps)];
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IMetric> NewMetrics() => [.. base.NewMetrics(), new LargestNMetric(_letters)];

    private static TaskKind KindOf(string name, int letters, string language) => new(
        name, $"predict what comes next in strings {language}, beyond the lengths trained on",
        [
            $"Strings S {language} T. Inputs: all symbols but T. Training: n from 1 to N, alike; validation: each n up to N once; a further set: each up to test_n.",
            "target successors: at each step a bit for each symbol, whether it may come next: both a and b after an a, else just one. Right: just these have p > 1/2.",
            "target symbol: at each step the next symbol. Right: the likeliest symbol may come next (which is just one but after an a).",
            "largest_n: the largest n such that each string up to it is right at each step.",
            $"Levels, of N({letters}(N+1)/2 + 1) steps, with H the entropy of 2/(N+1): memoryless, by the present symbol alone,",
            $"successors {letters - 1} N(N+1) H / steps, symbol {letters} N(N+1)/2 H / steps; language, all but n known (symbol), N ln N / steps.",
        ],
        "Gers and Schmidhuber 2001", (values, _) => new CountingTask(name, letters, values),
        [
            new IntegerSetting("n", "N, the largest n of training", 10, 1, 10_000), new IntegerSetting("test_n", "the largest n of the further set", 50, 1, 10_000),
            new WordSetting("target", "what is predicted", "successors", "successors", "symbol"),
            new IntegerSetting("examples", "training strings; 0 for no end of them", 0, 0, 1_000_000_000),
        ]);

    private ListedExamples UpTo(int n) => new([.. Enumerable.Range(1, n).Select(OfLength)]);

    private Example OfLength(int n)
    {
        long[] symbols = [Start, .. Enumerable.Range(0, _letters * n).Select(i => (long)(FirstLetter + i / n)), End];
        var input = new TokenSteps(symbols[..^1]);
        return new(input, _symbols ? new TokenSteps(symbols[1..]) : Successors(symbols));
    }

    private RealSteps Successors(long[] symbols)
    {
        var width = Shape.Target.Size;
        var bits = new double[(symbols.Length - 1) * width];
        for (var t = 0; t < symbols.Length - 1; t++)
        {
            bits[t * width + symbols[t + 1]] = 1;
            if (symbols[t] == FirstLetter)
                bits[t * width + FirstLetter] = bits[t * width + FirstLetter + 1] = 1;
        }
        return new(bits, width);
    }
}
