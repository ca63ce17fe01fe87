namespace RnnLab.Tasks;

/// <summary>
/// The naive Bayes classifier on counts of words: log p(c | w_1 … w_n) = log p(c) + Σ log p(w_i | c) + const, each estimated by counts plus one. It sees which
/// words there are, not their order.
/// </summary>
public sealed class NaiveBayes
{
    private readonly double[] _classes;
    private readonly double[][] _words;

    /// <summary>Counts the words of examples.</summary>
    /// <param name="examples">Tokens and one class each.</param>
    /// <param name="words">V, how many tokens there are.</param>
    /// <param name="classes">How many classes there are.</param>
    public NaiveBayes(IEnumerable<Example> examples, int words, int classes)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var (classCounts, wordCounts) = (new double[classes], new double[classes][]);
        for (var c = 0; c < classes; c++)
            wordCounts[c] = new double[words];
        foreach (var example in examples)
        {
            var c = ClassOf(example);
            classCounts[c]++;
            foreach (var word in ((TokenSteps)example.Input).Values)
                wordCounts[c][word]++;
        }
        (_classes, _words) = (LogShares(classCounts), [.. wordCounts.Select(LogShares)]);
    }

    /// <summary>The mean of −log p(class | words) in nats.</summary>
    public double CrossEntropy(IEnumerable<Example> examples) => examples.Average(Loss);

    private double Loss(Example example)
    {
        var words = ((TokenSteps)example.Input).Values;
        var scores = _classes.Select((score, c) => score + words.Sum(word => _words[c][word])).ToArray();
        var largest = scores.Max();
        return largest + Math.Log(scores.Sum(score => Math.Exp(score - largest))) - scores[ClassOf(example)];
    }

    private static long ClassOf(Example example) => ((TokenSteps)example.Target).Values[0];

    private static double[] LogShares(double[] counts)
    {
        var total = counts.Sum() + counts.Length;
        return [.. counts.Select(count => Math.Log((count + 1) / total))];
    }
}
