namespace RnnLab.Layers;

/// <summary>
/// The cross-entropy of K bits with their sigmoids, in nats, summed over a row: with σ(z) the probability of a 1,
/// <code>
/// L = −Σ_k (t_k ln σ(z_k) + (1 − t_k) ln(1 − σ(z_k))) = Σ_k (max(z_k, 0) − z_k t_k + ln(1 + e^−|z_k|))        ∂L/∂z_k = σ(z_k) − t_k
/// </code>
/// The second form is exact where σ(z) is 0 or 1 in floating point. For piano rolls, where a step's bits are its notes, it is the negative log-likelihood of a frame
/// (Boulanger-Lewandowski, Bengio and Vincent 2012).
/// </summary>
public static class BinaryCrossEntropy
{
    private static readonly Scalar Zero = 0.0;

    /// <summary>The loss of every row, (N).</summary>
    /// <param name="logits">z, (N, K).</param>
    /// <param name="targets">t, (N, K), each in [0, 1], of the same dtype.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor Forward(Tensor logits, Tensor targets)
    {
        OutputLoss.RequireAlike(logits, targets);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var rest = logits.abs().neg().exp().log1p();
        return (logits.clamp_min(Zero) - logits * targets + rest).sum(1L).MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂z, (N, K), of the rows' losses weighted with <paramref name="scale"/>.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor Backward(Tensor logits, Tensor targets, double scale)
    {
        OutputLoss.RequireAlike(logits, targets);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        return logits.sigmoid().sub_(targets).mul_(scale).MoveToOuterDisposeScope();
    }
}
