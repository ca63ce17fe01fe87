using RnnLab.Cells;

namespace RnnLab.Tests.Cells;

/// <summary>IndRNN (Li et al. 2018) with tanh: h_t = tanh(a_t + w ⊙ h_{t-1} + b). A test of the cell interface: a diagonal recurrent weight.</summary>
internal sealed class IndRnnCell(long hiddenSize) : Cell(hiddenSize)
{
    public override string Name => "indrnn";

    public override int Gates => 1;

    public override RecurrentWeight RecurrentWeight => RecurrentWeight.Diagonal;

    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved) => new((a + q).tanh());

    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        var dz = Derivative.Tanh(ds.H, after.H);
        return new(dz, dz);
    }
}
