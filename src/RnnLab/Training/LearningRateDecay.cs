namespace RnnLab.Training;

/// <summary>
/// The learning rate as a function of the epochs completed E: lr · factor^max(0, E − max(after, 1) + 1). As in char-rnn, the first decay
/// comes at the end of epoch <paramref name="After"/>, or of the first where that is 0.
/// </summary>
/// <param name="Initial">lr.</param>
/// <param name="Factor">The factor of one epoch; 1 for a constant rate.</param>
/// <param name="After">The epoch at whose end the decay starts.</param>
public sealed record LearningRateDecay(double Initial, double Factor = 1, int After = 0)
{
    /// <summary>The rate once <paramref name="epochs"/> epochs are complete.</summary>
    public double At(long epochs) => Factor == 1 ? Initial : Initial * Math.Pow(Factor, Math.Max(0, epochs - Math.Max(After, 1) + 1));
}
