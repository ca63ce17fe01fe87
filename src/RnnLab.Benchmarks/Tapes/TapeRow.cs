namespace RnnLab.Benchmarks.Tapes;

/// <summary>A training step whose tape keeps less than everything, beside one whose tape keeps all.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Shape">The layer's shape.</param>
/// <param name="Memory">What the tape keeps, as the command line says it.</param>
/// <param name="PeakBytes">The most that it held at once.</param>
/// <param name="StepTapes">The same in step tapes: a full tape's bytes by its steps.</param>
/// <param name="Seconds">Median time.</param>
/// <param name="TimeOfFull">Median over the pairs of its time divided by the full tape's.</param>
/// <param name="SameBits">Whether outputs, ∂L/∂x, ∂L/∂s_0 and all parameters' gradients have the bits of the full tape's.</param>
internal sealed record TapeRow(string Cell, LayerShape Shape, string Memory, long PeakBytes, double StepTapes, double Seconds, double TimeOfFull, bool SameBits)
{
    /// <summary>Step tapes, divided by √T.</summary>
    public double StepTapesPerRoot => StepTapes / Math.Sqrt(Shape.T);
}
