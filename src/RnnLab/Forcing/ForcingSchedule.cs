namespace RnnLab.Forcing;

/// <summary>
/// The probability ε that a step is fed the truth and not the model's own output, as a function of how far the training is (scheduled sampling,
/// Bengio et al. 2015).
/// </summary>
public abstract record ForcingSchedule
{
    /// <summary>ε in [0, 1].</summary>
    /// <param name="i">Steps or epochs that are done, from 0.</param>
    public abstract double At(double i);
}

/// <summary>ε = p at all times: 1 is teacher forcing (Williams and Zipser 1989), 0 none.</summary>
/// <param name="Probability">p, in [0, 1].</param>
public sealed record ConstantForcing(double Probability) : ForcingSchedule
{
    /// <summary>The truth always.</summary>
    public static ConstantForcing Always { get; } = new(1);

    /// <summary>The truth never, but for what there is before the first step.</summary>
    public static ConstantForcing Never { get; } = new(0);

    /// <summary>p, in [0, 1].</summary>
    public double Probability { get; } = Require.Probability(Probability, "probability");

    /// <inheritdoc/>
    public override double At(double i) => Probability;
}
