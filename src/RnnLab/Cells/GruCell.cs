namespace RnnLab.Cells;

/// <summary>The gated recurrent unit (Cho et al. 2014) with the reset after the product, as in PyTorch and cuDNN.
/// <code>
/// a = W_ih x_t + b_ih    q = W_hh h_{t-1} + b_hh           (B, 3H), columns r z n
/// r = σ(a_r + q_r)       z = σ(a_z + q_z)       n = tanh(a_n + r ⊙ q_n)
/// h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}
/// </code>
/// Adjoint:
/// <code>
/// ∂z = ∂h ⊙ (h_{t-1} − n)    ∂n = ∂h ⊙ (1 − z)    ∂ñ = ∂n ⊙ (1 − n²)    ∂r = ∂ñ ⊙ q_n
/// ∂a = (∂r ⊙ r(1−r), ∂z ⊙ z(1−z), ∂ñ)    ∂q = (∂a_r, ∂a_z, ∂ñ ⊙ r)    ∂h_{t-1} = ∂h ⊙ z, directly
/// </code>
/// where ∂r ⊙ r = ∂q_n ⊙ q_n and ∂z ⊙ z = ∂h_{t-1} ⊙ (h_{t-1} − n), of gradients that are there anyway.
/// Deviation from the paper: there the reset gate multiplies h_{t-1} before the product.
/// Three gates in PyTorch's order r z n; the state is h.
/// </summary>
/// <param name="hiddenSize">H.</param>
public sealed class GruCell(long hiddenSize) : Cell(hiddenSize)
{
    // Made once: a Scalar is a native object in TorchSharp.
    private static readonly Scalar One = 1.0;

    /// <inheritdoc/>
    public override string Name => "gru";

    /// <inheritdoc/>
    public override int Gates => 3;

    /// <inheritdoc/>
    public override MemoryGate? MemoryGate => new(1);

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(saved);
        var r_and_z = (a.narrow(1, 0, 2 * HiddenSize) + q.narrow(1, 0, 2 * HiddenSize)).sigmoid(); // neighbours: one operation for both
        var (r, z) = (Gate(r_and_z, 0), Gate(r_and_z, 1));
        var q_n = Gate(q, 2).clone(); // a view would keep the whole of q
        var n = Gate(a, 2).addcmul(r, q_n, One).tanh();
        saved.AddAll(r, z, n, q_n);
        return new(n.addcmul(z, s.H - n, One));
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(ds);
        ArgumentNullException.ThrowIfNull(before);
        var (r, z, n, q_n) = saved.Four();
        var dh = ds.H;
        var dh_prev = dh * z;
        var dn = Derivative.Tanh(dh - dh_prev, n);
        var dq_n = dn * r;
        var dr = Derivative.OfProduct(dq_n * q_n, r);
        var dz = Derivative.OfProduct(dh_prev * (before.H - n), z);
        return new(cat([dr, dz, dn], 1), cat([dr, dz, dq_n], 1), Dh: dh_prev);
    }
}
