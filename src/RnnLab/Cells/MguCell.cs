namespace RnnLab.Cells;

/// <summary>The minimal gated unit (Zhou et al. 2016): the GRU with one gate f, which is its reset and, the other way round, its update gate.
/// <code>
/// f = σ(a_f + q_f)           q_f = W_hh,f h_{t-1} + b_hh,f
/// u = f ⊙ h_{t-1}            q_n = W_hh,n u + b_hh,n            n = tanh(a_n + q_n)
/// h_t = (1 − f) ⊙ h_{t-1} + f ⊙ n
/// </code>
/// Adjoint:
/// <code>
/// ∂a_n = ∂q_n = ∂h ⊙ f ⊙ (1 − n²)    ∂u = W_hh,nᵀ ∂q_n, by the runner    ∂f = ∂h ⊙ (n − h_{t-1}) + ∂u ⊙ h_{t-1}
/// ∂a_f = ∂q_f = ∂f ⊙ f(1−f)          ∂h_{t-1} = ∂h ⊙ (1 − f) + ∂u ⊙ f, directly
/// </code>
/// As in the paper, which calls f a forget gate although the state is replaced, not kept, where f is 1. Deviation: two biases, b_ih and b_hh, which act as
/// their sum. Gate order f n; the state is h.
/// </summary>
/// <param name="hiddenSize">H.</param>
public sealed class MguCell(long hiddenSize) : Cell(hiddenSize)
{
    /// <inheritdoc/>
    public override string Name => "mgu";

    /// <inheritdoc/>
    public override int Gates => 2;

    /// <inheritdoc/>
    public override MemoryGate? MemoryGate => new(0, Keeps: false);

    /// <inheritdoc/>
    public override IReadOnlyList<int> Products => [1, 1];

    /// <inheritdoc/>
    public override Tensor Operand(int product, Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(saved);
        var f = (a + q).sigmoid();
        saved.Add(f);
        return f * s.H;
    }

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(saved);
        var (f, n) = (saved[0], (a + q).tanh());
        saved.Add(n);
        return new(s.H + f * (n - s.H));
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(ds);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(saved);
        var (f, n) = (saved[0], saved[1]);
        var dn = ds.H * f;
        var da = Derivative.Tanh(dn, n);
        return new(da, da, Dh: ds.H - dn) { Carry = [ds.H * (n - before.H)] };
    }

    /// <inheritdoc/>
    public override PhiGradient OperandAdjoint(int product, Tensor du, PhiGradient later, CellState before, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(du);
        ArgumentNullException.ThrowIfNull(later);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(saved);
        var f = saved[0];
        var df = Derivative.Sigmoid(later.Carry[0] + du * before.H, f);
        return new(df, df, Dh: du * f);
    }
}
