namespace RnnLab.Cells;

/// <summary>The vanilla recurrent cell (Elman 1990).
/// <code>
/// h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)          φ = tanh or relu
/// </code>
/// Adjoint, with z = a + q: ∂z = ∂h ⊙ φ'(z), where tanh' = 1 − h² and relu' = [h &gt; 0]; ∂a = ∂q = ∂z.
/// One gate; the state is h.
/// </summary>
/// <param name="hiddenSize">H.</param>
/// <param name="nonlinearity">tanh (the default) or relu.</param>
public sealed class RnnCell(long hiddenSize, Nonlinearity nonlinearity = Nonlinearity.Tanh) : Cell(hiddenSize)
{
    /// <inheritdoc/>
    public override string Name => "rnn";

    /// <inheritdoc/>
    public override int Gates => 1;

    /// <summary>φ.</summary>
    public Nonlinearity Nonlinearity { get; } = nonlinearity;

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        var z = a + q;
        return new(Nonlinearity == Nonlinearity.Tanh ? z.tanh() : z.relu());
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        var dz = Nonlinearity == Nonlinearity.Tanh ? Derivative.Tanh(ds.H, after.H) : Derivative.Relu(ds.H, after.H);
        return new(dz, dz);
    }
}

/// <summary>The activation of an <see cref="RnnCell"/>.</summary>
public enum Nonlinearity
{
    /// <summary>tanh.</summary>
    Tanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}
