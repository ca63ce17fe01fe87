namespace RnnLab.Cells;

/// <summary>The LSTM with coupled input and forget gate (Greff et al. 2017, CIFG): what is forgotten makes room for as much that is new, i = 1 − f.
/// <code>
/// z = a + q                              (B, 3H), columns f g o
/// f = σ(z_f)   g = tanh(z_g)   o = σ(z_o)
/// c_t = f ⊙ c_{t-1} + (1 − f) ⊙ g
/// h_t = o ⊙ tanh(c_t)
/// </code>
/// Adjoint:
/// <code>
/// ∂o = ∂h ⊙ tanh(c_t)          ∂c ← ∂c + ∂h ⊙ o ⊙ (1 − tanh²(c_t))
/// ∂f = ∂c ⊙ (c_{t-1} − g)      ∂g = ∂c ⊙ (1 − f)      ∂c_{t-1} = ∂c ⊙ f
/// ∂z = (∂f ⊙ f(1−f), ∂g ⊙ (1−g²), ∂o ⊙ o(1−o))          ∂a = ∂q = ∂z
/// </code>
/// Deviation from the paper: no peepholes. Gate order f g o; the state is (h, c).
/// </summary>
/// <param name="hiddenSize">H.</param>
public sealed class CoupledLstmCell(long hiddenSize) : Cell(hiddenSize)
{
    /// <inheritdoc/>
    public override string Name => "lstm_coupled";

    /// <inheritdoc/>
    public override int Gates => 3;

    /// <inheritdoc/>
    public override bool HasCellState => true;

    /// <inheritdoc/>
    public override int? ForgetGate => 0;

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(s);
        var z = a + q;
        var f = Gate(z, 0).sigmoid();
        var g = Gate(z, 1).tanh();
        var o = Gate(z, 2).sigmoid();
        var c = g + f * (s.C! - g);
        var tanh_c = c.tanh();
        saved.AddAll(f, g, o, tanh_c);
        return new(o * tanh_c, c);
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(ds);
        ArgumentNullException.ThrowIfNull(before);
        var (f, g, o, tanh_c) = saved.Four();
        var dc = ds.C! + Derivative.Tanh(ds.H * o, tanh_c);
        var dc_prev = dc * f;
        var df = Derivative.Sigmoid(dc * (before.C! - g), f);
        var dz = cat([df, Derivative.Tanh(dc - dc_prev, g), Derivative.Sigmoid(ds.H * tanh_c, o)], 1);
        return new(dz, dz, Dc: dc_prev);
    }
}
