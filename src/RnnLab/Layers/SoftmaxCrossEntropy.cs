using System.Numerics;
using RnnLab.Kernels.Elementwise;
using RnnLab.Kernels.Threads;

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
/// ∂L/∂logits = p − e_k. Kept together because L is exact where p underflows, and because the adjoint is so short.
/// <para>On the CPU each is one pass over contiguous float32 or float64 rows; otherwise tensor operations.</para>
/// </summary>
public static class SoftmaxCrossEntropy
{
    /// <summary>The loss of every row: −ln p_k, (N).</summary>
    /// <param name="logits">(N, V).</param>
    /// <param name="targets">k, (N), int64.</param>
    /// <param name="p">softmax of the logits, (N, V), which <see cref="Backward"/> takes.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, targets are not int64, or one of them is no column.</exception>
    public static Tensor Forward(Tensor logits, Tensor targets, out Tensor p)
    {
        ArgumentNullException.ThrowIfNull(logits);
        RequireFit(logits, targets, "logits");
        using var no_grad = torch.no_grad();
        if (Fast.AppliesByToken(logits, targets))
            return logits.dtype == ScalarType.Float32 ? Pass<float>(logits, targets, out p) : Pass<double>(logits, targets, out p);
        using var scope = NewDisposeScope();
        var log_p = logits.log_softmax(1);
        p = log_p.exp().MoveToOuterDisposeScope();
        return log_p.gather(1, targets.unsqueeze(1)).squeeze(1).neg().MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂logits, (N, V), of the rows' losses weighted with <paramref name="scale"/>: scale · (p − e_k).</summary>
    /// <exception cref="ArgumentException">The shapes do not fit, targets are not int64, or one of them is no column.</exception>
    public static Tensor Backward(Tensor p, Tensor targets, double scale)
    {
        ArgumentNullException.ThrowIfNull(p);
        RequireFit(p, targets, "p");
        using var no_grad = torch.no_grad();
        if (Fast.AppliesByToken(p, targets))
            return p.dtype == ScalarType.Float32 ? Pass(p, targets, (float)scale) : Pass(p, targets, scale);
        using var scope = NewDisposeScope();
        var index = targets.unsqueeze(1);
        var minus = full(index.shape, -1.0, p.dtype, p.device);
        return p.clone().scatter_add_(1, index, minus).mul_(scale).MoveToOuterDisposeScope();
    }

    private static void RequireFit(Tensor rows, Tensor targets, string name)
    {
        Check.Tokens(targets, nameof(targets));
        if (rows.shape is not [var N, _] || targets.shape is not [var M] || N != M)
            throw new ArgumentException(
                $"{name} ({string.Join(", ", rows.shape)}) and targets ({string.Join(", ", targets.shape)}) are not (N, V) and (N)");
    }

    private static Tensor Pass<T>(Tensor logits, Tensor targets, out Tensor p) where T : unmanaged, IFloatingPointIeee754<T>
    {
        p = empty(logits.shape, logits.dtype);
        var losses = empty(targets.shape, logits.dtype);
        var (V, to) = ((int)logits.shape[1], p);
        RowRanges.Run((int)logits.shape[0], V, (from, last) => SoftmaxRows.Forward(
            Rows<T>(logits, from, last, V), Rows<long>(targets, from, last, 1), Rows<T>(losses, from, last, 1), Rows<T>(to, from, last, V)));
        GC.KeepAlive(logits);
        GC.KeepAlive(targets);
        return losses;
    }

    private static Tensor Pass<T>(Tensor p, Tensor targets, T scale) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var dlogits = empty(p.shape, p.dtype);
        var V = (int)p.shape[1];
        RowRanges.Run((int)p.shape[0], V, (from, last) => SoftmaxRows.Backward(
            Rows<T>(p, from, last, V), Rows<long>(targets, from, last, 1), scale, Rows<T>(dlogits, from, last, V)));
        GC.KeepAlive(p);
        GC.KeepAlive(targets);
        return dlogits;
    }

    private static Span<T> Rows<T>(Tensor x, int from, int to, int width) where T : unmanaged => Fast.Elements<T>(x)[(from * width)..(to * width)];
}
