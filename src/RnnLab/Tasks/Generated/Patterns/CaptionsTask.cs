using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>One-to-many: a picture's attributes, one vector, to its caption, word by word (<see cref="CaptionGrammar"/>).</summary>
public sealed class CaptionsTask : ExampleTask
{
    private static readonly Vocabulary Words = Vocabulary.OfTargets(
        Enumerable.Range(0, CaptionGrammar.Combinations).SelectMany(i => CaptionGrammar.Caption(CaptionGrammar.Choices(i))));

    private readonly Lazy<double> _frequencies;

    /// <summary>The task.</summary>
    /// <param name="values">The settings.</param>
    public CaptionsTask(TaskValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var ranks = new RandomStream(values.Seed, "task/captions/order");
        int[] order = [.. Enumerable.Range(0, CaptionGrammar.Combinations).OrderBy(i => ranks.Uniform((ulong)i))];
        var held = (int)Math.Round(order.Length * values.Number("held_out"));
        Training = ExamplesOf(order[held..]);
        Evaluation = [new("validation", ExamplesOf(order[..held]))];
        Description = $"captions: {order.Length - held:N0} combinations of attributes to train on, {held:N0} for validation";
        _frequencies = new(() => Levels.Frequencies(Evaluation[0].Examples));
    }

    /// <summary>The kind of task.</summary>
    public static TaskKind Kind { get; } = new(
        "captions", "captions of pictures from a vector of their attributes, word by word",
        [
            "Attributes: " + string.Join("; ", CaptionGrammar.Attributes.Select(values => string.Join(" | ", values))) + ".",
            $"Input: one vector of {CaptionGrammar.Width} numbers, a one-hot block for each attribute.",
            "Target: there is a|an SIZE COLOUR SHAPE POSITION; there are COUNT SIZE COLOUR SHAPES POSITION.",
            $"Each of the {CaptionGrammar.Combinations:N0} combinations is one example; a random share, `held_out`, is for validation alone.", GeneratedPairTask.Level,
        ],
        "no paper: a template", (values, _) => new CaptionsTask(values),
        [new NumberSetting("held_out", "the share of combinations that are for validation", 0.1, 0.01, 0.9)]);

    /// <inheritdoc/>
    public override TaskShape Shape { get; }
        = new(new(ValueKind.Reals, CaptionGrammar.Width), new(ValueKind.Tokens, Words.Size), TargetPlace.OwnSteps) { HasSingleInput = true };

    /// <inheritdoc/>
    public override IExamples Training { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ExampleSet> Evaluation { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("frequencies", _frequencies.Value)];

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary => Words;

    /// <inheritdoc/>
    public override string Description { get; }

    private static ListedExamples ExamplesOf(IEnumerable<int> combinations) => new([.. combinations.Select(CaptionGrammar.Choices).Select(Of)]);

    private static Example Of(int[] choices)
        => new(new RealSteps(CaptionGrammar.Vector(choices), CaptionGrammar.Width), new TokenSteps(Words.Encode(CaptionGrammar.Caption(choices), "caption")));
}
