using RnnLab.Cells;

namespace RnnLab.Tests.Cells;

/// <summary>Another cell with the sign of one output of its adjoint turned: a mistake that the checks have to find.</summary>
/// <param name="inner">The cell.</param>
/// <param name="fault">da:k or dq:k (gate k of all), own:k (parameter k), dh, dc, carry.</param>
internal sealed class FaultyCell(Cell inner, string fault) : Cell(inner.HiddenSize)
{
    public override string Name => $"{inner.Name} with {fault} turned";

    public override int Gates => inner.Gates;

    public override int InputGates => inner.InputGates;

    public override bool HasCellState => inner.HasCellState;

    public override IReadOnlyList<int> Products => inner.Products;

    public override IReadOnlyList<OwnParameter> OwnParameters => inner.OwnParameters;

    public override RecurrentWeight RecurrentWeight => inner.RecurrentWeight;

    public override bool HasProjectionBiases => inner.HasProjectionBiases;

    public override long ProjectionSize => inner.ProjectionSize;

    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved) => inner.Phi(a, q, s, own, saved);

    public override Tensor Operand(int product, Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
        => inner.Operand(product, a, q, s, own, saved);

    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
        => Turn(inner.PhiAdjoint(ds, before, after, own, saved), Products.Count - 1);

    public override PhiGradient OperandAdjoint(int product, Tensor du, PhiGradient later, CellState before, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
        => Turn(inner.OperandAdjoint(product, du, later, before, own, saved), product);

    private int Number => int.Parse(fault[(fault.IndexOf(':', StringComparison.Ordinal) + 1)..]);

    private PhiGradient Turn(PhiGradient g, int product) => fault.Split(':')[0] switch
    {
        "dh" => g with { Dh = -g.Dh! },
        "dc" => g with { Dc = -g.Dc! },
        "own" => g with { DOwn = [.. g.DOwn.Select((d, k) => k == Number ? -d : d)] },
        "carry" => g with { Carry = [.. g.Carry.Select(d => -d)] },
        // Da and Dq may be one tensor; the copies then differ, as they would for this mistake.
        "da" => g with { Da = TurnGate(g.Da, product) },
        _ => g with { Dq = TurnGate(g.Dq, product) },
    };

    private Tensor TurnGate(Tensor d, int product)
    {
        var gate = Number - Products.Take(product).Sum();
        var turned = d.clone();
        if (gate >= 0 && gate < Products[product])
            turned.narrow(1, gate * HiddenSize, HiddenSize).neg_();
        return turned;
    }
}
