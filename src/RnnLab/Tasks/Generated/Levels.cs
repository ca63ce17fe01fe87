namespace RnnLab.Tasks;

/// <summary>What simple answers to a set of examples achieve, computed on the set itself.</summary>
public static class Levels
{
    /// <summary>The squared error of repeating the last value: the input at a step as the answer to its target, the mean over all numbers of all steps.</summary>
    /// <param name="examples">Examples of real inputs and equally wide targets at each step; there is a count.</param>
    public static double Persistence(IExamples examples)
    {
        var (sum, count) = (0.0, 0L);
        foreach (var example in AllOf(examples))
        {
            var (input, target) = (((RealSteps)example.Input).Values, ((RealSteps)example.Target).Values);
            for (var i = 0; i < target.Length; i++)
                sum += (target[i] - input[i]) * (target[i] - input[i]);
            count += target.Length;
        }
        return sum / count;
    }

    /// <summary>The squared error of the best constant answer: the variance of the targets.</summary>
    /// <param name="examples">Examples of real targets of width 1; there is a count.</param>
    public static double BestConstant(IExamples examples)
    {
        var values = AllOf(examples).SelectMany(example => ((RealSteps)example.Target).Values).ToArray();
        var mean = values.Average();
        return values.Average(value => (value - mean) * (value - mean));
    }

    /// <summary>
    /// The cross-entropy in nats of the best answer that is the same at each step: the entropy of the targets' tokens, with an end mark for each sequence.
    /// </summary>
    /// <param name="examples">Examples whose targets are sequences of their own; there is a count.</param>
    public static double Frequencies(IExamples examples)
    {
        var tokens = AllOf(examples).SelectMany(example => ((TokenSteps)example.Target).Values.Append(Vocabulary.EndIndex)).ToArray();
        return tokens.GroupBy(token => token).Sum(group => -(double)group.Count() / tokens.Length * Math.Log((double)group.Count() / tokens.Length));
    }

    /// <summary>The examples of a set, one after another.</summary>
    /// <param name="examples">The set.</param>
    /// <param name="most">How many at most; it must be given where there is no end of them.</param>
    internal static IEnumerable<Example> AllOf(IExamples examples, long most = long.MaxValue)
    {
        for (long i = 0; i < Math.Min(examples.Count ?? long.MaxValue, most); i++)
            yield return examples[i];
    }
}
