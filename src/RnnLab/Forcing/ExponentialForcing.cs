namespace RnnLab.Forcing;

/// <summary>ε_i = k^i (Bengio et al. 2015, exponential decay).</summary>
/// <param name="K">k, in (0, 1).</param>
/// <exception cref="ArgumentOutOfRangeException">k is not.</exception>
public sealed record ExponentialForcing(double K) : ForcingSchedule
{
    /// <summary>k, in (0, 1).</summary>
    public double K { get; } = K is > 0 and < 1 ? K : throw new ArgumentOutOfRangeException(nameof(K), K, "k must be in (0, 1)");

    /// <inheritdoc/>
    public override double At(double i) => Math.Pow(K, Require.Progress(i));
}
