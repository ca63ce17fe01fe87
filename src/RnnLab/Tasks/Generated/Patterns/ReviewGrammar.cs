namespace RnnLab.Tasks;

/// <summary>
/// Reviews in words: a verdict of one or two clauses among sentences that say nothing of it. A clause is good or bad by its adjective, or the other way round where it is
/// negated; of two clauses that disagree the last one decides.
/// </summary>
public static class ReviewGrammar
{
    private static readonly string[] Things = ["the plot", "the acting", "the music", "the ending", "the film", "the cast", "the pace", "the script"];
    private static readonly string[] Positive = ["good", "great", "moving", "clever", "charming", "fresh", "brilliant", "funny"];
    private static readonly string[] Negative = ["bad", "awful", "dull", "clumsy", "boring", "stale", "weak", "tedious"];
    private static readonly string[] Intensifiers = ["very ", "really ", "quite ", "truly "];
    private static readonly string[] Negations = ["was not", "was never", "was hardly"];

    private static readonly string[] Fillers =
    [
        "i saw it on a friday .", "it lasts two hours .", "my brother came along .",
        "we sat in the front row .", "it was shown at a small cinema .", "the book came first .",
    ];

    /// <summary>Every word of reviews, and the marks between sentences and clauses.</summary>
    internal static IEnumerable<string> Words { get; } = new[] { Things, Positive, Negative, Intensifiers, Negations, Fillers, ["was and but although , ."] }
        .SelectMany(lines => lines)
        .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Distinct();

    /// <summary>A review, words between spaces.</summary>
    /// <param name="draws">Its random numbers.</param>
    /// <param name="isPositive">What it comes to.</param>
    /// <param name="negation">The probability that a clause is negated.</param>
    /// <param name="contrast">The probability of a clause of the other sentiment before the last one.</param>
    /// <param name="fillers">The most sentences that say nothing of it; as many as are drawn from 0 on, each before or after the verdict.</param>
    public static string Review(Draws draws, bool isPositive, double negation, double contrast, int fillers)
    {
        ArgumentNullException.ThrowIfNull(draws);
        var sentences = new List<string> { Verdict(draws, isPositive, negation, contrast) };
        for (var i = draws.Integer(0, fillers); i > 0; i--)
            sentences.Insert(draws.Coin() ? sentences.Count : 0, draws.Choice(Fillers));
        return string.Join(' ', sentences);
    }

    private static string Verdict(Draws draws, bool isPositive, double negation, double contrast)
    {
        var last = Clause(draws, isPositive, negation);
        if (!draws.Coin(contrast))
            return draws.Coin() ? $"{last} ." : $"{Clause(draws, isPositive, negation)} and {last} .";
        var first = Clause(draws, !isPositive, negation);
        return draws.Coin() ? $"{first} but {last} ." : $"although {first} , {last} .";
    }

    private static string Clause(Draws draws, bool isPositive, double negation)
    {
        var isNegated = draws.Coin(negation);
        var intensifier = draws.Coin() ? draws.Choice(Intensifiers) : "";
        return $"{draws.Choice(Things)} {(isNegated ? draws.Choice(Negations) : "was")} {intensifier}{draws.Choice(isPositive == isNegated ? Negative : Positive)}";
    }
}
