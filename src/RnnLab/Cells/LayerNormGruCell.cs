namespace RnnLab.Cells;

/// <summary>The GRU with layer normalisation (Ba, Kiros and Hinton 2016), see <see cref="LayerNormalization"/>, and the reset after the product.
/// <code>
/// a' = LN(W_ih x_t; γ_ih, β_ih)    q' = LN(W_hh h_{t-1}; γ_hh, β_hh)        (B, 3H), columns r z n, each norm over all 3H
/// r = σ(a'_r + q'_r)       z = σ(a'_z + q'_z)       n = tanh(a'_n + r ⊙ q'_n)
/// h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}
/// </code>
/// Adjoint: ∂a' and ∂q' as in the <see cref="GruCell"/>, then through each norm: ∂a = LN'_ih(∂a'), ∂q = LN'_hh(∂q').
/// Own parameters: weight_ln_ih, bias_ln_ih, weight_ln_hh, bias_ln_hh (3H). The projections have no biases: β_ih is the gates'.
/// Deviation from the paper: there the new content's projections have norms apart from the gates', and z lets the new in rather than keep the old.
/// Gate order r z n; the state is h.
/// </summary>
/// <param name="hiddenSize">H.</param>
public sealed class LayerNormGruCell(long hiddenSize) : Cell(hiddenSize)
{
    private const int SavedByNorms = 4;
    private readonly GruCell _gru = new(hiddenSize);

    /// <inheritdoc/>
    public override string Name => "gru_layer_norm";

    /// <inheritdoc/>
    public override int Gates => 3;

    /// <inheritdoc/>
    public override bool HasProjectionBiases => false;

    /// <inheritdoc/>
    public override MemoryGate? MemoryGate => new(1);

    /// <inheritdoc/>
    public override IReadOnlyList<OwnParameter> OwnParameters =>
    [
        .. LayerNormalization.Parameters("ln_ih", 3 * HiddenSize, isGateBias: true),
        .. LayerNormalization.Parameters("ln_hh", 3 * HiddenSize),
    ];

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(own);
        var normal_a = LayerNormalization.Forward(a, own[0], own[1], saved);
        var normal_q = LayerNormalization.Forward(q, own[2], own[3], saved);
        return _gru.Phi(normal_a, normal_q, s, [], saved);
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(saved);
        var g = _gru.PhiAdjoint(ds, before, after, [], [.. saved.Skip(SavedByNorms)]);
        var norm_a = LayerNormalization.Adjoint(g.Da, own[0], saved[0], saved[1]);
        var norm_q = LayerNormalization.Adjoint(g.Dq, own[2], saved[2], saved[3]);
        return new(norm_a.Dx, norm_q.Dx, g.Dh) { DOwn = [norm_a.DGain, norm_a.DBias, norm_q.DGain, norm_q.DBias] };
    }
}
