namespace RnnLab.Forcing;

/// <summary>ε_i = k / (k + e^{i/k}) (Bengio et al. 2015, inverse sigmoid decay): k/(k + 1) at i = 0, ½ at i = k ln k.</summary>
/// <param name="K">k, finite and at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">k is not.</exception>
public sealed record InverseSigmoidForcing(double K) : ForcingSchedule
{
    /// <summary>k, at least 1.</summary>
    public double K { get; } = K >= 1 && double.IsFinite(K) ? K : throw new ArgumentOutOfRangeException(nameof(K), K, "k must be finite and at least 1");

    /// <inheritdoc/>
    // Where e^{i/k} is beyond a double it is infinite, and the quotient 0, as it should be.
    public override double At(double i) => K / (K + Math.Exp(Require.Progress(i) / K));
}
