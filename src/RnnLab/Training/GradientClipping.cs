namespace RnnLab.Training;

/// <summary>Clips gradients, in place, before an optimiser's step.</summary>
/// <param name="MaxNorm">
/// The largest global norm n (Pascanu et al. 2013): where ‖g‖ over all parameters exceeds it, every gradient is multiplied by
/// n / (‖g‖ + 1e-6), as PyTorch's clip_grad_norm_ does. Null for none.
/// </param>
/// <param name="MaxValue">The largest absolute value v of an element: each is cut to [−v, v], as char-rnn does. Null for none.</param>
public sealed record GradientClipping(double? MaxNorm = null, double? MaxValue = null)
{
    /// <summary>Clips, by value first where both are set.</summary>
    /// <returns>The global norm before anything is clipped.</returns>
    public double Apply(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var gradients = parameters.Select(p => p.grad).OfType<Tensor>().ToArray();
        if (gradients.Length == 0)
            return 0;
        var before = Norm(gradients);
        var norm = before;
        if (MaxValue is { } v)
        {
            foreach (var g in gradients)
                g.clamp_(-v, v);
            norm = MaxNorm is null ? before : Norm(gradients);
        }
        if (MaxNorm is { } n && norm > n)
            foreach (var g in gradients)
                g.mul_(n / (norm + 1e-6));
        return before;
    }

    /// <summary>√Σ‖g‖², of all tensors together.</summary>
    private static double Norm(Tensor[] gradients)
        => stack(gradients.Select(g => g.norm())).norm().to(ScalarType.Float64).item<double>();
}
