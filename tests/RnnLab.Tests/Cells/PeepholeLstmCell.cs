using RnnLab.Cells;

namespace RnnLab.Tests.Cells;

/// <summary>
/// The LSTM with peepholes (Gers and Schmidhuber 2000): gates that also see the cell, through weights p of their own.
/// <code>
/// i, f = σ(z_if + p_if ⊙ c_{t-1})      g = tanh(z_g)      c_t = f ⊙ c_{t-1} + i ⊙ g      o = σ(z_o + p_o ⊙ c_t)      h_t = o ⊙ tanh(c_t)
/// </code>
/// A test of the cell interface: parameters of φ itself.
/// </summary>
internal sealed class PeepholeLstmCell(long hiddenSize) : Cell(hiddenSize)
{
    public override string Name => "peephole_lstm";

    public override int Gates => 4;

    public override bool HasCellState => true;

    public override IReadOnlyList<OwnParameter> OwnParameters => [new("weight_p", [3, HiddenSize])];

    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        var (z, p) = (a + q, own[0]);
        var i = (Gate(z, 0) + p.select(0, 0) * s.C!).sigmoid();
        var f = (Gate(z, 1) + p.select(0, 1) * s.C!).sigmoid();
        var g = Gate(z, 2).tanh();
        var c = f * s.C! + i * g;
        var o = (Gate(z, 3) + p.select(0, 2) * c).sigmoid();
        var tanh_c = c.tanh();
        saved.AddAll(i, f, g, o, tanh_c);
        return new(o * tanh_c, c);
    }

    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        var (i, f, g, o, tanh_c) = saved.Five();
        var (p, c_prev) = (own[0], before.C!);
        var dz_o = Derivative.Sigmoid(ds.H * tanh_c, o);
        var dc = ds.C! + Derivative.Tanh(ds.H * o, tanh_c) + dz_o * p.select(0, 2);
        var dz_i = Derivative.Sigmoid(dc * g, i);
        var dz_f = Derivative.Sigmoid(dc * c_prev, f);
        var dz = cat([dz_i, dz_f, Derivative.Tanh(dc * i, g), dz_o], 1);
        var dp = stack([(dz_i * c_prev).sum(0L), (dz_f * c_prev).sum(0L), (dz_o * after.C!).sum(0L)]);
        return new(dz, dz, Dc: dc * f + dz_i * p.select(0, 0) + dz_f * p.select(0, 1)) { DOwn = [dp] };
    }
}
