namespace RnnLab.Cells;

/// <summary>The gated recurrent unit as first published (Cho et al. 2014), with the reset before the product: the second recurrent product is of r ⊙ h_{t-1}.
/// <code>
/// r = σ(a_r + q_r)    z = σ(a_z + q_z)        q_rz = W_hh,rz h_{t-1} + b_hh,rz
/// u = r ⊙ h_{t-1}     n = tanh(a_n + q_n)     q_n = W_hh,n u + b_hh,n
/// h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}
/// </code>
/// Adjoint:
/// <code>
/// ∂z = ∂h ⊙ (h_{t-1} − n)    ∂a_n = ∂q_n = ∂h ⊙ (1 − z) ⊙ (1 − n²)    ∂u = W_hh,nᵀ ∂q_n, by the runner    ∂r = ∂u ⊙ h_{t-1}
/// ∂a_rz = ∂q_rz = (∂r ⊙ r(1−r), ∂z ⊙ z(1−z))    ∂h_{t-1} = ∂h ⊙ z + ∂u ⊙ r, directly
/// </code>
/// Deviation from the paper: biases, which it leaves out. Gate order r z n; the state is h.
/// </summary>
/// <param name="hiddenSize">H.</param>
public sealed class GruResetBeforeCell(long hiddenSize) : Cell(hiddenSize)
{
    /// <inheritdoc/>
    public override string Name => "gru_reset_before";

    /// <inheritdoc/>
    public override int Gates => 3;

    /// <inheritdoc/>
    public override MemoryGate? MemoryGate => new(1);

    /// <inheritdoc/>
    public override IReadOnlyList<int> Products => [2, 1];

    /// <inheritdoc/>
    public override Tensor Operand(int product, Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(s);
        var r = (Gate(a, 0) + Gate(q, 0)).sigmoid();
        var z = (Gate(a, 1) + Gate(q, 1)).sigmoid();
        saved.AddAll(r, z);
        return r * s.H;
    }

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(saved);
        var (z, n) = (saved[1], (a + q).tanh());
        saved.Add(n);
        return new(n + z * (s.H - n));
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(ds);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(saved);
        var (z, n) = (saved[1], saved[2]);
        var dh_prev = ds.H * z;
        var dn = Derivative.Tanh(ds.H - dh_prev, n);
        return new(dn, dn, Dh: dh_prev) { Carry = [ds.H * (before.H - n)] };
    }

    /// <inheritdoc/>
    public override PhiGradient OperandAdjoint(int product, Tensor du, PhiGradient later, CellState before, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(later);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(saved);
        var (r, z, dz) = (saved[0], saved[1], later.Carry[0]);
        var d = cat([Derivative.Sigmoid(du * before.H, r), Derivative.Sigmoid(dz, z)], 1);
        return new(d, d, Dh: du * r);
    }
}
