using RnnLab.Cells;

namespace RnnLab.Tests.Cells;

/// <summary>Another cell with the sign of one output of its adjoint turned: a mistake that the checks have to find.</summary>
/// <param name="inner">The cell.</param>
/// <param name="fault">da:k or dq:k (gate k), dh, dc, own.</param>
internal sealed class FaultyCell(Cell inner, string fault) : Cell(inner.HiddenSize)
{
    public override string Name => $"{inner.Name} with {fault} turned";

    public override int Gates => inner.Gates;

    public override bool HasCellState => inner.HasCellState;

    public override IReadOnlyList<int> Products => inner.Products;

    public override IReadOnlyList<OwnParameter> OwnParameters => inner.OwnParameters;

    public override RecurrentWeight RecurrentWeight => inner.RecurrentWeight;

    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved) => inner.Phi(a, q, s, own, saved);

    public override Tensor Operand(int product, Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
        => inner.Operand(product, a, q, s, own, saved);

    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
        => Turn(inner.PhiAdjoint(ds, before, after, own, saved));

    public override PhiGradient OperandAdjoint(int product, Tensor du, PhiGradient later, CellState before, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
        => Turn(inner.OperandAdjoint(product, du, later, before, own, saved));

    private PhiGradient Turn(PhiGradient g) => fault switch
    {
        "dh" => g with { Dh = -g.Dh! },
        "dc" => g with { Dc = -g.Dc! },
        "own" => g with { DOwn = [.. g.DOwn.Select(d => -d)] },
        "carry" => g with { Carry = [.. g.Carry.Select(d => -d)] },
        // Da and Dq may be one tensor; the copies then differ, as they would for this mistake.
        _ when fault.StartsWith("da:", StringComparison.Ordinal) => g with { Da = TurnGate(g.Da) },
        _ => g with { Dq = TurnGate(g.Dq) },
    };

    private Tensor TurnGate(Tensor d)
    {
        var turned = d.clone();
        turned.narrow(1, int.Parse(fault[3..]) * HiddenSize, HiddenSize).neg_();
        return turned;
    }
}
