namespace RnnLab.Layers;

/// <summary>How a loss over T·B predictions is reduced.</summary>
public enum LossReduction
{
    /// <summary>The mean over all T·B predictions, PyTorch's default.</summary>
    Mean,

    /// <summary>Summed over T and averaged over the batch, as char-rnn and Zaremba et al. (2014) do: T times <see cref="Mean"/>.</summary>
    SumOverTime,
}

/// <summary>
/// Softmax and cross-entropy in one, in nats: with p = softmax(logits) of a row and the target k, L = −ln p_k, and so
/// ∂L/∂logits = p − e_k. Kept together because ln softmax is exact where p underflows, and because the adjoint is so short.
/// </summary>
public static class SoftmaxCrossEntropy
{
    /// <summary>The loss of every row: −ln p_k, (N).</summary>
    /// <param name="logits">(N, V).</param>
    /// <param name="targets">k, (N), int64.</param>
    /// <param name="log_p">ln softmax of the logits, (N, V), which <see cref="Backward"/> takes.</param>
    /// <exception cref="ArgumentException">The shapes do not fit or targets are not int64.</exception>
    public static Tensor Forward(Tensor logits, Tensor targets, out Tensor log_p)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Check.Tokens(targets, nameof(targets));
        if (logits.shape is not [var N, _] || targets.shape is not [var M] || N != M)
            throw new ArgumentException($"logits ({string.Join(", ", logits.shape)}) and targets ({string.Join(", ", targets.shape)}) are not (N, V) and (N)");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        log_p = logits.log_softmax(1).MoveToOuterDisposeScope();
        return log_p.gather(1, targets.unsqueeze(1)).squeeze(1).neg().MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂logits, (N, V), of the rows' losses weighted with <paramref name="scale"/>: scale · (p − e_k).</summary>
    public static Tensor Backward(Tensor log_p, Tensor targets, double scale)
    {
        ArgumentNullException.ThrowIfNull(log_p);
        ArgumentNullException.ThrowIfNull(targets);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var index = targets.unsqueeze(1);
        var minus = full(index.shape, -1.0, log_p.dtype, log_p.device);
        return log_p.exp().scatter_add_(1, index, minus).mul_(scale).MoveToOuterDisposeScope();
    }
}
