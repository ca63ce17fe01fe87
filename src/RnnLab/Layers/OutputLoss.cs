namespace RnnLab.Layers;

/// <summary>What a model's outputs are measured by, target by target: ℓ_n of row n, weighted and summed as L = Σ_n w_n ℓ_n.</summary>
public abstract class OutputLoss
{
    /// <summary>ℓ = −ln softmax(row)_k for a target k, in nats: <see cref="SoftmaxCrossEntropy"/>. Targets are (N), int64.</summary>
    public static OutputLoss CrossEntropy { get; } = new CrossEntropyLoss();

    /// <summary>ℓ = Σ_k (y_k − t_k)² / K, whose mean over all rows is PyTorch's MSELoss. Targets are (N, K).</summary>
    public static OutputLoss SquaredError { get; } = new SquaredErrorLoss();

    /// <summary>ℓ = the sum over the row's K bits of their cross-entropies, in nats: <see cref="Layers.BinaryCrossEntropy"/>. Targets are (N, K).</summary>
    public static OutputLoss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss();

    /// <summary>The losses of rows.</summary>
    /// <param name="rows">What the model says, (N, K).</param>
    /// <param name="targets">(N) or (N, K), as the loss says.</param>
    /// <param name="weights">w, (N), of the rows' dtype; null where all are 1. A target of weight 0 may be anything, NaN too; a token must be one of the K.</param>
    /// <returns>What the backward needs, to be disposed; no dispose scope ends it.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public OutputLossPass Forward(Tensor rows, Tensor targets, Tensor? weights)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(targets);
        if (weights is not null && !weights.shape.SequenceEqual([rows.shape[0]]))
            throw new ArgumentException($"weights are ({string.Join(", ", weights.shape)}), expected ({rows.shape[0]})", nameof(weights));
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var losses = Losses(rows, targets, out var saved);
        if (weights is not null)
            losses = (losses * weights).masked_fill_(weights.eq(0), 0);
        return new(this, losses.DetachFromDisposeScope(), Kept(saved), Kept(targets), weights is null ? null : Kept(weights));
    }

    /// <summary>ℓ, (N).</summary>
    /// <param name="rows">(N, K).</param>
    /// <param name="targets">The targets.</param>
    /// <param name="saved">What <see cref="Gradients"/> takes.</param>
    protected abstract Tensor Losses(Tensor rows, Tensor targets, out Tensor saved);

    /// <summary>scale · ∂ℓ/∂row, (N, K), the caller's own.</summary>
    protected internal abstract Tensor Gradients(Tensor saved, Tensor targets, double scale);

    /// <exception cref="ArgumentException">Targets are not (N, K) like the rows.</exception>
    internal static void RequireAlike(Tensor rows, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(targets);
        if (rows.shape.Length != 2 || !rows.shape.SequenceEqual(targets.shape))
            throw new ArgumentException($"outputs ({string.Join(", ", rows.shape)}) and targets ({string.Join(", ", targets.shape)}) are not both (N, K)");
    }

    private static Tensor Kept(Tensor tensor) => tensor.alias().DetachFromDisposeScope();

    private sealed class CrossEntropyLoss : OutputLoss
    {
        protected override Tensor Losses(Tensor rows, Tensor targets, out Tensor saved) => SoftmaxCrossEntropy.Forward(rows, targets, out saved);

        protected internal override Tensor Gradients(Tensor saved, Tensor targets, double scale) => SoftmaxCrossEntropy.Backward(saved, targets, scale);
    }

    private sealed class SquaredErrorLoss : OutputLoss
    {
        protected override Tensor Losses(Tensor rows, Tensor targets, out Tensor saved)
        {
            RequireAlike(rows, targets);
            saved = rows - targets;
            return saved.square().sum(1L).mul_(1.0 / rows.shape[1]);
        }

        protected internal override Tensor Gradients(Tensor saved, Tensor targets, double scale) => saved * (2 * scale / saved.shape[1]);
    }

    private sealed class BinaryCrossEntropyLoss : OutputLoss
    {
        protected override Tensor Losses(Tensor rows, Tensor targets, out Tensor saved)
        {
            saved = rows;
            return Layers.BinaryCrossEntropy.Forward(rows, targets);
        }

        protected internal override Tensor Gradients(Tensor saved, Tensor targets, double scale) => Layers.BinaryCrossEntropy.Backward(saved, targets, scale);
    }
}
