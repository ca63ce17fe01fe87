namespace RnnLab.Tasks;

/// <summary>The values of a sequence, step by step, on the host.</summary>
public abstract record StepValues
{
    /// <summary>Steps.</summary>
    public abstract int Length { get; }
}

/// <summary>A sequence of tokens: indices into a vocabulary, or classes.</summary>
/// <param name="Values">One for each step, at least 0.</param>
public sealed record TokenSteps(long[] Values) : StepValues
{
    /// <inheritdoc/>
    public override int Length => Values.Length;
}

/// <summary>A sequence of vectors of real numbers, or of bits as 0 and 1.</summary>
/// <param name="Values">Vector after vector, Length·Width numbers.</param>
/// <param name="Width">Numbers of a step.</param>
public sealed record RealSteps(double[] Values, int Width) : StepValues
{
    /// <inheritdoc/>
    public override int Length => Values.Length / Width;

    /// <summary>The vector of a step.</summary>
    public ReadOnlySpan<double> At(int step) => Values.AsSpan(step * Width, Width);
}
