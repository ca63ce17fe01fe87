namespace RnnLab.Cells;

/// <summary>The LSTM with peepholes (Gers and Schmidhuber 2000; in this form Graves 2013): gates that also see the cell, through diagonal weights p.
/// <code>
/// z = a + q                                                  (B, 4H), columns i f g o
/// i = σ(z_i + p_i ⊙ c_{t-1})     f = σ(z_f + p_f ⊙ c_{t-1})     g = tanh(z_g)
/// c_t = f ⊙ c_{t-1} + i ⊙ g
/// o = σ(z_o + p_o ⊙ c_t)         h_t = o ⊙ tanh(c_t)
/// </code>
/// Adjoint:
/// <code>
/// ∂z_o = ∂h ⊙ tanh(c_t) ⊙ o(1−o)      ∂c ← ∂c + ∂h ⊙ o ⊙ (1 − tanh²(c_t)) + ∂z_o ⊙ p_o
/// ∂z_i = ∂c ⊙ g ⊙ i(1−i)    ∂z_f = ∂c ⊙ c_{t-1} ⊙ f(1−f)    ∂z_g = ∂c ⊙ i ⊙ (1−g²)          ∂a = ∂q = ∂z
/// ∂c_{t-1} = ∂c ⊙ f + ∂z_i ⊙ p_i + ∂z_f ⊙ p_f
/// ∂p_i = Σ ∂z_i ⊙ c_{t-1}   ∂p_f = Σ ∂z_f ⊙ c_{t-1}   ∂p_o = Σ ∂z_o ⊙ c_t, over the batch
/// </code>
/// Own parameter: weight_p (3, H), the rows p_i p_f p_o. Gate order i f g o; the state is (h, c).
/// Deviation from Gers and Schmidhuber: tanh where they squash the cell's input and output otherwise, and whole gradients where they truncate.
/// </summary>
/// <param name="hiddenSize">H.</param>
public sealed class PeepholeLstmCell(long hiddenSize) : Cell(hiddenSize)
{
    /// <inheritdoc/>
    public override string Name => "lstm_peephole";

    /// <inheritdoc/>
    public override int Gates => 4;

    /// <inheritdoc/>
    public override bool HasCellState => true;

    /// <inheritdoc/>
    public override int? ForgetGate => 1;

    /// <inheritdoc/>
    public override int? InputGate => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<OwnParameter> OwnParameters => [new("weight_p", [3, HiddenSize])];

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(own);
        var (z, p, c_prev) = (a + q, own[0], s.C!);
        var i = (Gate(z, 0) + p.select(0, 0) * c_prev).sigmoid();
        var f = (Gate(z, 1) + p.select(0, 1) * c_prev).sigmoid();
        var g = Gate(z, 2).tanh();
        var c = f * c_prev + i * g;
        var o = (Gate(z, 3) + p.select(0, 2) * c).sigmoid();
        var tanh_c = c.tanh();
        saved.AddAll(i, f, g, o, tanh_c);
        return new(o * tanh_c, c);
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(ds);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(own);
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
