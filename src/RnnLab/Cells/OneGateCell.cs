namespace RnnLab.Cells;

/// <summary>
/// A cell whose state is one activation of both projections: h_t = φ(a + q). Adjoint: ∂a = ∂q = ∂h ⊙ φ'(z), with tanh' = 1 − h² and relu' = [h &gt; 0].
/// </summary>
/// <param name="hiddenSize">H.</param>
/// <param name="nonlinearity">φ.</param>
public abstract class OneGateCell(long hiddenSize, Nonlinearity nonlinearity) : Cell(hiddenSize)
{
    /// <inheritdoc/>
    public override int Gates => 1;

    /// <summary>φ.</summary>
    public Nonlinearity Nonlinearity { get; } = nonlinearity;

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved) => new(Nonlinearity.Of(a + q));

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(ds);
        ArgumentNullException.ThrowIfNull(after);
        var dz = Nonlinearity.Adjoint(ds.H, after.H);
        return new(dz, dz);
    }
}
