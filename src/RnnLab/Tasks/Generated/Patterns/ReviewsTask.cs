namespace RnnLab.Tasks;

/// <summary>Many-to-one: the sentiment of a review, word by word (<see cref="ReviewGrammar"/>). Which words it has does not tell it: negation and order decide.</summary>
/// <param name="values">The settings.</param>
public sealed class ReviewsTask(TaskValues values)
    : SplitTask("reviews", new(new(ValueKind.Tokens, Words.Size), new(ValueKind.Tokens, Classes.Size), TargetPlace.Sequence), values)
{
    private static readonly Vocabulary Words = Vocabulary.Of([.. ReviewGrammar.Words]);
    private static readonly Vocabulary Classes = Vocabulary.Of(["negative", "positive"]);

    /// <summary>Training examples that the classifier by words alone is fitted to, at most.</summary>
    private const int Fitted = 2000;

    private readonly double _negation = values.Number("negation"), _contrast = values.Number("contrast");
    private readonly int _fillers = values.Integer("fillers");
    private double? _naiveBayes;

    /// <summary>The kind of task.</summary>
    public static TaskKind Kind { get; } = new(
        "reviews", "the sentiment of generated reviews: negation, intensifiers, and clauses of which the last decides",
        [
            "Verdict: CLAUSE . | CLAUSE and CLAUSE . (both of the review's sentiment) | CLAUSE but CLAUSE . | although CLAUSE , CLAUSE .",
            "The last two, with probability `contrast`, have a first clause of the other sentiment.",
            "CLAUSE: THING was|was not|was never|was hardly [very|really|quite|truly] ADJECTIVE; negated with probability `negation`, which turns it round.",
            "Around the verdict stand 0 to `fillers` sentences that say nothing. Target: negative or positive, each half of the time.",
            "A tenth of all reviews is for validation alone.",
            $"Levels: chance ln 2; naive_bayes, a classifier by counts of words fitted to {Fitted:N0} training examples, on the validation part.",
        ],
        "no paper: a grammar", (values, _) => new ReviewsTask(values),
        [
            new NumberSetting("negation", "the probability that a clause is negated", 0.3, 0, 1),
            new NumberSetting("contrast", "the probability of a clause of the other sentiment before the last", 0.5, 0, 1),
            new IntegerSetting("fillers", "the most sentences that say nothing of it", 2, 0, 100),
            .. GeneratedTask.Sizes(),
        ]);

    /// <inheritdoc/>
    public override Vocabulary InputVocabulary => Words;

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary => Classes;

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("chance", Math.Log(2)), new("naive_bayes", _naiveBayes ??= ByWords())];

    /// <inheritdoc/>
    protected override string Rules => $"negation {_negation}, contrast {_contrast}, up to {_fillers} fillers";

    /// <inheritdoc/>
    protected override DrawnPair Pair(Draws draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        var isPositive = draws.Coin();
        var review = ReviewGrammar.Review(draws, isPositive, _negation, _contrast, _fillers);
        return new(review, review, isPositive ? "positive" : "negative");
    }

    /// <inheritdoc/>
    protected override Example Encode(DrawnPair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return new(new TokenSteps(Words.Encode(pair.Source.Split(' '), "review")), new TokenSteps(Classes.Encode([pair.Target], "review")));
    }

    private double ByWords()
        => new NaiveBayes(Levels.AllOf(Training, Fitted), Words.Size, Classes.Size).CrossEntropy(Levels.AllOf(Validation));
}
