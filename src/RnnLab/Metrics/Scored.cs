using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary>The targets of an example that count, which those of weight 0 do not, beside what the model says to them.</summary>
internal static class Scored
{
    /// <summary>Targets that are tokens.</summary>
    public static IEnumerable<(long Target, long Said, double Weight)> Tokens(Example example, Prediction prediction)
    {
        var targets = TokensOf(example);
        Require(prediction.Tokens.Length == targets.Length, $"{prediction.Tokens.Length} tokens were said to {targets.Length} targets");
        return Places(example).Select(place => (targets[place.Index], prediction.Tokens[place.Index], place.Weight));
    }

    /// <summary>The places of targets that are vectors of numbers.</summary>
    public static IEnumerable<(int Index, double Weight)> Vectors(Example example, Prediction prediction)
    {
        var targets = VectorsOf(example);
        Require(
            prediction.Width == targets.Width && prediction.Outputs.Length == targets.Values.Length,
            $"{prediction.Outputs.Length} numbers in vectors of {prediction.Width} were said to {targets.Values.Length} in vectors of {targets.Width}");
        return Places(example);
    }

    /// <summary>The places of targets that count.</summary>
    public static IEnumerable<(int Index, double Weight)> Places(Example example)
    {
        var (count, weights) = (example.Target.Length, example.Weights);
        Require(weights is null || weights.Length == count, $"{weights?.Length} weights for {count} targets");
        return weights is null
            ? Enumerable.Range(0, count).Select(i => (i, 1.0))
            : Enumerable.Range(0, count).Where(i => weights[i] != 0).Select(i => (i, (double)weights[i]));
    }

    /// <summary>Targets as tokens.</summary>
    public static long[] TokensOf(Example example)
        => example.Target is TokenSteps steps ? steps.Values : throw new ArgumentException("the targets are no tokens");

    /// <summary>Targets as vectors.</summary>
    public static RealSteps VectorsOf(Example example)
        => example.Target as RealSteps ?? throw new ArgumentException("the targets are no numbers");

    public static void Require(bool holds, string problem)
    {
        if (!holds)
            throw new ArgumentException(problem);
    }
}
