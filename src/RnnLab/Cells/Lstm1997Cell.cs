namespace RnnLab.Cells;

/// <summary>The LSTM without a forget gate (Hochreiter and Schmidhuber 1997): what the cell holds stays, and new content adds to it.
/// <code>
/// z = a + q                              (B, 3H), columns i g o
/// i = σ(z_i)   g = tanh(z_g)   o = σ(z_o)
/// c_t = c_{t-1} + i ⊙ g
/// h_t = o ⊙ tanh(c_t)
/// </code>
/// Adjoint:
/// <code>
/// ∂o = ∂h ⊙ tanh(c_t)    ∂c ← ∂c + ∂h ⊙ o ⊙ (1 − tanh²(c_t))    ∂i = ∂c ⊙ g    ∂g = ∂c ⊙ i    ∂c_{t-1} = ∂c
/// ∂z = (∂i ⊙ i(1−i), ∂g ⊙ (1−g²), ∂o ⊙ o(1−o))          ∂a = ∂q = ∂z
/// </code>
/// Deviation from the paper, whose point is the constant error carousel c_t = c_{t-1} + …, kept here: it squashes with g(x) = 4σ(x) − 2 and
/// h(x) = 2σ(x) − 1 where this has tanh, lets several cells share a pair of gates, and truncates the gradient outside the carousel; here it is whole.
/// Gate order i g o; the state is (h, c).
/// </summary>
/// <param name="hiddenSize">H.</param>
public sealed class Lstm1997Cell(long hiddenSize) : Cell(hiddenSize)
{
    /// <inheritdoc/>
    public override string Name => "lstm_1997";

    /// <inheritdoc/>
    public override int Gates => 3;

    /// <inheritdoc/>
    public override bool HasCellState => true;

    /// <inheritdoc/>
    public override int? InputGate => 0;

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(s);
        var z = a + q;
        var i = Gate(z, 0).sigmoid();
        var g = Gate(z, 1).tanh();
        var o = Gate(z, 2).sigmoid();
        var c = s.C! + i * g;
        var tanh_c = c.tanh();
        saved.AddAll(i, g, o, tanh_c);
        return new(o * tanh_c, c);
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(ds);
        var (i, g, o, tanh_c) = saved.Four();
        var dc = ds.C! + Derivative.Tanh(ds.H * o, tanh_c);
        var dz = cat([Derivative.Sigmoid(dc * g, i), Derivative.Tanh(dc * i, g), Derivative.Sigmoid(ds.H * tanh_c, o)], 1);
        return new(dz, dz, Dc: dc);
    }
}
