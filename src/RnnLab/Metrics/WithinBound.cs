using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary>
/// <c>within</c>: the share of targets to which every number said is nearer than a bound, |y − target| &lt; bound. Of the adding and multiplication
/// problems a sequence counts as right with .04 (Hochreiter and Schmidhuber 1997).
/// </summary>
/// <param name="bound">Over 0, in the targets' unit.</param>
/// <exception cref="ArgumentOutOfRangeException">The bound is not over 0.</exception>
public sealed class WithinBound(double bound) : IMetric
{
    private readonly double _bound = bound > 0 ? bound : throw new ArgumentOutOfRangeException(nameof(bound), bound, "expected a number over 0");
    private readonly WeightedMean _near = new();

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
    {
        foreach (var (index, weight) in Scored.Vectors(example, prediction))
            _near.Add(IsNear(Scored.VectorsOf(example).At(index), prediction.Outputs.AsSpan(index * prediction.Width, prediction.Width)) ? 1 : 0, weight);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values() => _near.Named("within");

    private bool IsNear(ReadOnlySpan<double> target, ReadOnlySpan<double> said)
    {
        for (var k = 0; k < target.Length; k++)
            if (!(Math.Abs(said[k] - target[k]) < _bound))
                return false;
        return true;
    }
}
