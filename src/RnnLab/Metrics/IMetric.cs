using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary>What a model says to an example.</summary>
/// <param name="Outputs">
/// For targets at each step or for the whole: what the head gives, logits or real numbers, Width of them for each target, target after target. Empty for sequences of their own.
/// </param>
/// <param name="Width">K, the numbers of a target.</param>
/// <param name="Tokens">For targets that are tokens: the likeliest of each target; for sequences of their own what the model says by itself, without begin and end marks. Else empty.</param>
public sealed record Prediction(double[] Outputs, int Width, long[] Tokens);

/// <summary>A figure, or several, on the answers to a set of examples.</summary>
public interface IMetric
{
    /// <summary>Takes an answer into account.</summary>
    void Add(Example example, Prediction prediction);

    /// <summary>The figures over all that was added, by name (snake_case); none where nothing was.</summary>
    IEnumerable<(string Name, double Value)> Values();
}
