namespace RnnLab.Metrics;

/// <summary>Σ w·x / Σ w.</summary>
internal sealed class WeightedMean
{
    private double _sum, _weight;

    public void Add(double value, double weight = 1)
    {
        _sum += weight * value;
        _weight += weight;
    }

    /// <summary>The mean under a name; none where no weight was added.</summary>
    public IEnumerable<(string Name, double Value)> Named(string name) => Named(name, mean => mean);

    /// <summary>A function of the mean under a name.</summary>
    public IEnumerable<(string Name, double Value)> Named(string name, Func<double, double> of) => _weight > 0 ? [(name, of(_sum / _weight))] : [];
}
