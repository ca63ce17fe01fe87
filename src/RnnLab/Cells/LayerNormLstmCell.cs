namespace RnnLab.Cells;

/// <summary>The LSTM with layer normalisation (Ba, Kiros and Hinton 2016), see <see cref="LayerNormalization"/>.
/// <code>
/// z = LN(a; γ_ih, β_ih) + LN(q; γ_hh, β_hh)        a = W_ih x_t    q = W_hh h_{t-1}        (B, 4H), columns i f g o, each norm over all 4H
/// i = σ(z_i)   f = σ(z_f)   g = tanh(z_g)   o = σ(z_o)
/// c_t = f ⊙ c_{t-1} + i ⊙ g
/// h_t = o ⊙ tanh(n)        n = LN(c_t; γ_c, β_c)        (B, H)
/// </code>
/// Adjoint, with LN' of each norm:
/// <code>
/// ∂o = ∂h ⊙ tanh(n)          ∂n = ∂h ⊙ o ⊙ (1 − tanh²(n))          ∂c ← ∂c + LN'(∂n)
/// ∂z as in the LSTM from ∂c and ∂o; ∂c_{t-1} = ∂c ⊙ f
/// ∂a = LN'_ih(∂z)    ∂q = LN'_hh(∂z)
/// </code>
/// Own parameters: weight_ln_ih, bias_ln_ih, weight_ln_hh, bias_ln_hh (4H), weight_ln_c, bias_ln_c (H). The projections have no biases: β_ih is the gates'.
/// Deviation from the paper: there one further bias is added to the sum of both norms, which β_ih + β_hh holds already.
/// Gate order i f g o; the state is (h, c), c before its norm.
/// </summary>
/// <param name="hiddenSize">H.</param>
public sealed class LayerNormLstmCell(long hiddenSize) : Cell(hiddenSize)
{
    /// <inheritdoc/>
    public override string Name => "lstm_layer_norm";

    /// <inheritdoc/>
    public override int Gates => 4;

    /// <inheritdoc/>
    public override bool HasCellState => true;

    /// <inheritdoc/>
    public override bool HasProjectionBiases => false;

    /// <inheritdoc/>
    public override int? ForgetGate => 1;

    /// <inheritdoc/>
    public override int? InputGate => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<OwnParameter> OwnParameters =>
    [
        .. LayerNormalization.Parameters("ln_ih", 4 * HiddenSize, isGateBias: true),
        .. LayerNormalization.Parameters("ln_hh", 4 * HiddenSize),
        .. LayerNormalization.Parameters("ln_c", HiddenSize),
    ];

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(own);
        var z = LayerNormalization.Forward(a, own[0], own[1], saved) + LayerNormalization.Forward(q, own[2], own[3], saved);
        var i = Gate(z, 0).sigmoid();
        var f = Gate(z, 1).sigmoid();
        var g = Gate(z, 2).tanh();
        var o = Gate(z, 3).sigmoid();
        var c = f * s.C! + i * g;
        var tanh_n = LayerNormalization.Forward(c, own[4], own[5], saved).tanh();
        saved.AddAll(i, f, g, o, tanh_n);
        return new(o * tanh_n, c);
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(ds);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(saved);
        var (i, f, g, o, tanh_n) = (saved[6], saved[7], saved[8], saved[9], saved[10]);
        var norm_c = LayerNormalization.Adjoint(Derivative.Tanh(ds.H * o, tanh_n), own[4], saved[4], saved[5]);
        var dc = ds.C! + norm_c.Dx;
        var (dz_i, dz_f) = (Derivative.Sigmoid(dc * g, i), Derivative.Sigmoid(dc * before.C!, f));
        var dz = cat([dz_i, dz_f, Derivative.Tanh(dc * i, g), Derivative.Sigmoid(ds.H * tanh_n, o)], 1);
        var norm_a = LayerNormalization.Adjoint(dz, own[0], saved[0], saved[1]);
        var norm_q = LayerNormalization.Adjoint(dz, own[2], saved[2], saved[3]);
        return new(norm_a.Dx, norm_q.Dx, Dc: dc * f)
        {
            DOwn = [norm_a.DGain, norm_a.DBias, norm_q.DGain, norm_q.DBias, norm_c.DGain, norm_c.DBias],
        };
    }
}
