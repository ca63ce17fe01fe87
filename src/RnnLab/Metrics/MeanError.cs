using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary>A mean over all numbers of the scored targets: Σ_t w_t Σ_k ℓ(y_tk − target_tk) / (K·Σ_t w_t).</summary>
/// <param name="name">The figure's name.</param>
/// <param name="ofPersistence">
/// Whether y is the persistence forecast in place of the model's: the input that the target comes next to, or the last input where the target is one for the whole.
/// </param>
public abstract class MeanError(string name, bool ofPersistence) : IMetric
{
    private readonly WeightedMean _error = new();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The answer is not of the targets' form; or, for the persistence forecast, the inputs are not.</exception>
    public void Add(Example example, Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(prediction);
        var targets = Scored.VectorsOf(example);
        foreach (var (index, weight) in ofPersistence ? Scored.Places(example) : Scored.Vectors(example, prediction))
        {
            var said = ofPersistence ? LastInput(example, targets, index) : prediction.Outputs.AsSpan(index * targets.Width, targets.Width);
            var target = targets.At(index);
            for (var k = 0; k < target.Length; k++)
                _error.Add(Of(said[k] - target[k]), weight);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values() => _error.Named(name);

    /// <summary>ℓ.</summary>
    protected abstract double Of(double error);

    private static ReadOnlySpan<double> LastInput(Example example, RealSteps targets, int index)
    {
        var inputs = example.Input as RealSteps;
        Scored.Require(
            inputs is not null && inputs.Width == targets.Width && inputs.Length >= targets.Length,
            $"a persistence forecast needs inputs of the targets' width, {targets.Width}, and at least {targets.Length} of them");
        return inputs!.At(inputs.Length - targets.Length + index);
    }
}

/// <summary><c>mse</c>, the mean squared error; <c>persistence_mse</c> that of the persistence forecast.</summary>
/// <param name="ofPersistence">Whether it is that of the persistence forecast.</param>
public sealed class MeanSquaredError(bool ofPersistence = false) : MeanError(ofPersistence ? "persistence_mse" : "mse", ofPersistence)
{
    /// <inheritdoc/>
    protected override double Of(double error) => error * error;
}

/// <summary><c>mae</c>, the mean absolute error; <c>persistence_mae</c> that of the persistence forecast.</summary>
/// <param name="ofPersistence">Whether it is that of the persistence forecast.</param>
public sealed class MeanAbsoluteError(bool ofPersistence = false) : MeanError(ofPersistence ? "persistence_mae" : "mae", ofPersistence)
{
    /// <inheritdoc/>
    protected override double Of(double error) => Math.Abs(error);
}
