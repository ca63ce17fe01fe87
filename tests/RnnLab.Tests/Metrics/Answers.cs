using RnnLab.Metrics;
using RnnLab.Tasks;

namespace RnnLab.Tests.Metrics;

/// <summary>Answers written out by hand, and what metrics make of them.</summary>
internal static class Answers
{
    public static (Example, Prediction) Tokens(long[] targets, long[] said, float[]? weights = null)
        => (new(new TokenSteps(targets), new TokenSteps(targets), weights), new([], 0, said));

    public static (Example, Prediction) Vectors(int width, double[] targets, double[] said, float[]? weights = null, double[]? inputs = null)
        => (new(new RealSteps(inputs ?? targets, width), new RealSteps(targets, width), weights), new(said, width, []));

    public static IReadOnlyDictionary<string, double> Of(IMetric metric, params (Example Example, Prediction Prediction)[] answers)
    {
        foreach (var (example, prediction) in answers)
            metric.Add(example, prediction);
        return metric.Values().ToDictionary(figure => figure.Name, figure => figure.Value);
    }
}
