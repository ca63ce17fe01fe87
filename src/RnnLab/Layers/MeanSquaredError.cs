namespace RnnLab.Layers;

/// <summary>L = the mean of (y − target)² over all N elements. Adjoint: ∂L/∂y = 2 (y − target) / N.</summary>
public static class MeanSquaredError
{
    /// <summary>L, a tensor of no dimensions.</summary>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static Tensor Forward(Tensor y, Tensor target)
    {
        RequireSameShape(y, target);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        return (y - target).square().mean().MoveToOuterDisposeScope();
    }

    /// <summary>∂L/∂y, shaped like y.</summary>
    public static Tensor Backward(Tensor y, Tensor target)
    {
        RequireSameShape(y, target);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        return (y - target).mul_(2.0 / y.numel()).MoveToOuterDisposeScope();
    }

    private static void RequireSameShape(Tensor y, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(target);
        if (!y.shape.SequenceEqual(target.shape))
            throw new ArgumentException($"y is ({string.Join(", ", y.shape)}), target ({string.Join(", ", target.shape)}); they must be alike");
    }
}
