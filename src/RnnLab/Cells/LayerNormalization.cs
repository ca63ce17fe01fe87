namespace RnnLab.Cells;

/// <summary>Layer normalisation (Ba, Kiros and Hinton 2016) of each row of x (B, N), with gains γ (N) and biases β (N).
/// <code>
/// μ = mean(x)    σ² = mean((x − μ)²)    x̂ = (x − μ) / √(σ² + ε)    y = γ ⊙ x̂ + β
/// </code>
/// Adjoint:
/// <code>
/// ∂x̂ = ∂y ⊙ γ    ∂x = (∂x̂ − mean(∂x̂) − x̂ ⊙ mean(∂x̂ ⊙ x̂)) / √(σ² + ε)
/// ∂γ = Σ ∂y ⊙ x̂    ∂β = Σ ∂y, over the rows
/// </code>
/// ε = 1e-5, as in PyTorch.
/// </summary>
public static class LayerNormalization
{
    private static readonly Scalar Epsilon = 1e-5, Minus = -1.0;
    private static readonly long[] Columns = [1];

    /// <summary>The two parameters of a norm over <paramref name="width"/> columns: weight_{name}, γ, which starts at 1, and bias_{name}, β, at 0.</summary>
    /// <param name="name">What the norm is of.</param>
    /// <param name="width">N.</param>
    /// <param name="isGateBias">Whether β is the gates' bias.</param>
    public static IReadOnlyList<OwnParameter> Parameters(string name, long width, bool isGateBias = false)
        => [new($"weight_{name}", [width]) { Start = 1 }, new($"bias_{name}", [width]) { Start = 0, IsGateBias = isGateBias }];

    /// <summary>y (B, N); saves x̂ (B, N) and 1/√(σ² + ε) (B, 1).</summary>
    public static Tensor Forward(Tensor x, Tensor gain, Tensor bias, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(bias);
        var centred = x - x.mean(Columns, keepdim: true);
        var scale = (centred.square().mean(Columns, keepdim: true) + Epsilon).rsqrt();
        var normal = centred * scale;
        saved.AddAll(normal, scale);
        return bias + gain * normal;
    }

    /// <summary>∂x (B, N), ∂γ and ∂β (N) from ∂y (B, N) and what <see cref="Forward"/> saved.</summary>
    public static (Tensor Dx, Tensor DGain, Tensor DBias) Adjoint(Tensor dy, Tensor gain, Tensor normal, Tensor scale)
    {
        ArgumentNullException.ThrowIfNull(dy);
        var dn = dy * gain;
        var dx = (dn - dn.mean(Columns, keepdim: true)).addcmul(normal, (dn * normal).mean(Columns, keepdim: true), Minus) * scale;
        return (dx, (dy * normal).sum(0L), dy.sum(0L));
    }
}
