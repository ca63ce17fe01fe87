namespace RnnLab.Forcing;

/// <summary>ε_i = max(ε, k − c·i) (Bengio et al. 2015, linear decay).</summary>
public sealed record LinearForcing : ForcingSchedule
{
    /// <summary>A schedule.</summary>
    /// <param name="start">k, where it begins, in [0, 1].</param>
    /// <param name="slope">c, what it falls by at each i, finite and at least 0.</param>
    /// <param name="floor">ε, where it ends, in [0, k].</param>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range.</exception>
    public LinearForcing(double start, double slope, double floor = 0)
    {
        Start = Require.Probability(start, nameof(start));
        Slope = slope >= 0 && double.IsFinite(slope) ? slope : throw new ArgumentOutOfRangeException(nameof(slope), slope, "slope must be finite and at least 0");
        Floor = floor >= 0 && floor <= start ? floor : throw new ArgumentOutOfRangeException(nameof(floor), floor, $"floor must be in [0, {start}], at most start");
    }

    /// <summary>k.</summary>
    public double Start { get; }

    /// <summary>c.</summary>
    public double Slope { get; }

    /// <summary>ε.</summary>
    public double Floor { get; }

    /// <inheritdoc/>
    public override double At(double i) => Math.Max(Floor, Start - Slope * Require.Progress(i));
}
