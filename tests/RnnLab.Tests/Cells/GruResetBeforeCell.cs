using RnnLab.Cells;

namespace RnnLab.Tests.Cells;

/// <summary>
/// The GRU of Cho et al. (2014), reset before the product: two recurrent products in a step, the second on r ⊙ h_{t-1}.
/// <code>
/// r, z = σ(a_rz + W_rz h_{t-1})      u = r ⊙ h_{t-1}      n = tanh(a_n + W_n u)      h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}
/// </code>
/// A test of the cell interface: several products, a carried gradient.
/// </summary>
internal sealed class GruResetBeforeCell(long hiddenSize) : Cell(hiddenSize)
{
    public override string Name => "gru_reset_before";

    public override int Gates => 3;

    public override IReadOnlyList<int> Products => [2, 1];

    public override Tensor Operand(int product, Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        var r = (Gate(a, 0) + Gate(q, 0)).sigmoid();
        var z = (Gate(a, 1) + Gate(q, 1)).sigmoid();
        saved.AddAll(r, z);
        return r * s.H;
    }

    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        // z is what the first function saved; without a tape it is still in the list.
        var (z, n) = (saved[1], (a + q).tanh());
        saved.Add(n);
        return new(n + z * (s.H - n));
    }

    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        var (z, n) = (saved[1], saved[2]);
        var dn = Derivative.Tanh(ds.H - ds.H * z, n);
        return new(dn, dn, Dh: ds.H * z) { Carry = [ds.H * (before.H - n)] };
    }

    public override PhiGradient OperandAdjoint(int product, Tensor du, PhiGradient later, CellState before, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        var (r, z) = (saved[0], saved[1]);
        var d = cat([Derivative.Sigmoid(du * before.H, r), Derivative.Sigmoid(later.Carry[0], z)], 1);
        return new(d, d, Dh: du * r);
    }
}
