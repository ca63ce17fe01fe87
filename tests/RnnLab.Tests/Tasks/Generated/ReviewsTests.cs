using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class ReviewsTests
{
    private static readonly string[] Good = ["good", "great", "moving", "clever", "charming", "fresh", "brilliant", "funny"];
    private static readonly string[] Bad = ["bad", "awful", "dull", "clumsy", "boring", "stale", "weak", "tedious"];

    [Fact]
    public void The_last_clause_decides_and_a_negation_turns_it_round()
    {
        var task = ReviewsTask.Kind.Make();
        var kinds = new HashSet<string>();
        foreach (var (words, label) in Read(task, 2000))
        {
            // The last adjective, and whether a negation stands between the "was" before it and itself.
            var last = Array.FindLastIndex(words, word => Good.Contains(word) || Bad.Contains(word));
            var verb = Array.LastIndexOf(words, "was", last);
            var isNegated = words[verb + 1] is "not" or "never" or "hardly";
            Assert.Equal(Good.Contains(words[last]) != isNegated ? "positive" : "negative", label);
            kinds.UnionWith(words.Intersect(["but", "although", "and", "not", "very", "friday"]));
        }
        Assert.Equal(6, kinds.Count);
        Assert.InRange(Read(task, 2000).Count(review => review.Label == "positive"), 900, 1100);
    }

    [Fact]
    public void Clauses_disagree_where_there_is_a_contrast_and_agree_where_there_is_none()
    {
        foreach (var (contrast, disagree) in new[] { (0.0, false), (1.0, true) })
            Assert.All(Read(ReviewsTask.Kind.Make(("negation", 0.0), ("contrast", contrast)), 500), review =>
            {
                var adjectives = review.Words.Where(word => Good.Contains(word) || Bad.Contains(word)).ToArray();
                Assert.Equal(disagree, adjectives.Any(Good.Contains) && adjectives.Any(Bad.Contains));
                Assert.Equal(disagree, review.Words.Contains("but") || review.Words.Contains("although"));
            });
    }

    [Theory]
    [InlineData(0.0, 0.0, 0.0, 0.05)] // an adjective tells it
    [InlineData(0.3, 0.0, 0.35, 0.69)] // it tells something
    [InlineData(0.3, 0.5, 0.65, 0.75)] // no word tells anything
    public void Words_alone_tell_the_less_the_more_negation_and_contrast_there_is(double negation, double contrast, double least, double most)
    {
        var task = ReviewsTask.Kind.Make(("negation", negation), ("contrast", contrast));
        Assert.Equal(["chance", "naive_bayes"], task.Baselines.Select(baseline => baseline.Name));
        Assert.Equal(Math.Log(2), task.Baselines[0].Loss);
        Assert.InRange(task.Baselines[1].Loss, least, most);
    }

    [Fact]
    public void Naive_Bayes_is_as_computed_by_hand()
    {
        // Class 0: words 0 0 1; class 1: word 1. Counts plus one over V = 2: p(0|0) = 3/5, p(1|0) = 2/5, p(0|1) = 1/3, p(1|1) = 2/3; p(class) = 1/2 each.
        Example[] examples = [new(new TokenSteps([0, 0, 1]), new TokenSteps([0])), new(new TokenSteps([1]), new TokenSteps([1]))];
        var model = new NaiveBayes(examples, words: 2, classes: 2);
        var (zero, one) = (0.5 * 3 / 5 * 2 / 5, 0.5 * 1 / 3 * 2 / 3);
        Assert.Equal(-Math.Log(zero / (zero + one)), model.CrossEntropy([new(new TokenSteps([0, 1]), new TokenSteps([0]))]), 1e-14);
    }

    private static List<(string[] Words, string Label)> Read(ExampleTask task, int count)
        => [.. task.Training.First(count).Select(example => (
            example.Input().Select(task.InputVocabulary!.Decode).ToArray(),
            task.TargetVocabulary!.Decode(example.Target()[0])))];
}
