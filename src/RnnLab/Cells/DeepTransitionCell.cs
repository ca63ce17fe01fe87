namespace RnnLab.Cells;

/// <summary>The recurrent network with a deep transition (Pascanu et al. 2014): L layers between one state and the next.
/// <code>
/// u_1 = tanh(W_ih x_t + b_ih + U_0 h_{t-1} + b_0)
/// u_{j+1} = tanh(U_j u_j + b_j)          j = 1 … L − 1
/// h_t = u_L
/// </code>
/// Adjoint, from ∂u_L = ∂h: ∂z_j = ∂u_j ⊙ (1 − u_j²), ∂u_{j-1} = U_{j-1}ᵀ ∂z_j by the runner; ∂a = ∂z_1, ∂q_{j-1} = ∂z_j.
/// W_hh (L·H, H) holds U_0 … U_{L-1} one below the other, b_hh their biases; the input feeds the first alone. The state is h.
/// Deviation from the paper: tanh in every layer and no shortcut past them, the DT-RNN without the S.
/// </summary>
/// <param name="hiddenSize">H.</param>
/// <param name="depth">L, at least 2; with 1 it would be the <see cref="RnnCell"/>.</param>
public sealed class DeepTransitionCell(long hiddenSize, int depth = 2) : Cell(hiddenSize)
{
    /// <inheritdoc/>
    public override string Name => "rnn_deep_transition";

    /// <inheritdoc/>
    public override int Gates { get; } = depth >= 2
        ? depth
        : throw new ArgumentOutOfRangeException(nameof(depth), depth, "transition_depth must be at least 2; with 1 it is the rnn");

    /// <inheritdoc/>
    public override int InputGates => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Products { get; } = [.. Enumerable.Repeat(1, depth)];

    /// <inheritdoc/>
    public override Tensor Operand(int product, Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(saved);
        var u = (product == 0 ? a + q : q).tanh();
        saved.Add(u);
        return u;
    }

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(q);
        return new(q.tanh());
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(ds);
        ArgumentNullException.ThrowIfNull(after);
        return Unfed(Derivative.Tanh(ds.H, after.H));
    }

    /// <inheritdoc/>
    public override PhiGradient OperandAdjoint(int product, Tensor du, PhiGradient later, CellState before, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        var dz = Derivative.Tanh(du, saved[product]);
        return product == 0 ? new(dz, dz) : Unfed(dz);
    }

    /// <summary>The gradient of a layer that the input does not feed: ∂a is (B, 0).</summary>
    private static PhiGradient Unfed(Tensor dz) => new(dz.narrow(1, 0, 0), dz);
}
