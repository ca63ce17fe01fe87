using System.Numerics;
using RnnLab.Kernels.Elementwise;

namespace RnnLab.Training;

/// <summary>
/// Clips gradients before an optimiser's step: either <see cref="Measure"/> says how, for the step to do it, or <see cref="Apply"/> does it
/// in place.
/// </summary>
/// <param name="MaxNorm">
/// The largest global norm n (Pascanu et al. 2013): where ‖g‖ over all parameters exceeds it, every gradient is multiplied by
/// n / (‖g‖ + 1e-6), as PyTorch's clip_grad_norm_ does. Null for none.
/// </param>
/// <param name="MaxValue">The largest absolute value v of an element: each is cut to [−v, v], as char-rnn does. Null for none.</param>
public sealed record GradientClipping(double? MaxNorm = null, double? MaxValue = null)
{
    /// <summary>Reads the gradients and changes nothing: what clipping makes of them, by value first where both are set.</summary>
    /// <returns>The global norm before anything is clipped, and the clip for the optimiser's step.</returns>
    public (double Norm, GradientClip Clip) Measure(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        return Of([.. parameters.Select(p => p.grad).OfType<Tensor>()]);
    }

    /// <summary>
    /// The same without the host's waiting for the device: the norm, 0 dimensions, float64, and a clip whose scale is a tensor as well, both in the caller's dispose scope.
    /// The norm is 0 where no parameter has a gradient.
    /// </summary>
    internal (Tensor Norm, GradientClip Clip) MeasureOnDevice(IReadOnlyList<Parameter> parameters)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var gradients = parameters.Select(p => p.grad).OfType<Tensor>().ToArray();
        if (gradients.Length == 0)
            return (zeros([], ScalarType.Float64, parameters[0].device).MoveToOuterDisposeScope(), GradientClip.None);
        var before = NormByTensors(gradients, null);
        if (MaxNorm is not { } n)
            return (before.MoveToOuterDisposeScope(), new(1, MaxValue));
        var norm = MaxValue is null ? before : NormByTensors(gradients, MaxValue);
        var scale = where(norm.gt(n), n / (norm + 1e-6), ones_like(norm));
        return (before.MoveToOuterDisposeScope(), new(1, MaxValue) { DeviceScale = scale.MoveToOuterDisposeScope() });
    }

    /// <summary>Clips in place, by value first where both are set.</summary>
    /// <returns>The global norm before anything is clipped.</returns>
    public double Apply(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var gradients = parameters.Select(p => p.grad).OfType<Tensor>().ToArray();
        var (norm, clip) = Of(gradients);
        foreach (var g in gradients)
        {
            if (clip.MaxValue is { } v)
                g.clamp_(-v, v);
            if (clip.Scale != 1)
                g.mul_(clip.Scale);
        }
        return norm;
    }

    private (double Norm, GradientClip Clip) Of(Tensor[] gradients)
    {
        if (gradients.Length == 0)
            return (0, GradientClip.None);
        var before = Norm(gradients, null);
        if (MaxNorm is not { } n)
            return (before, new(1, MaxValue));
        var norm = MaxValue is null ? before : Norm(gradients, MaxValue);
        return (before, new(norm > n ? n / (norm + 1e-6) : 1, MaxValue));
    }

    /// <summary>√Σ‖g‖², of all tensors together, every element cut to [−v, v] where v is given.</summary>
    private static double Norm(Tensor[] gradients, double? v)
    {
        if (!gradients.All(Fast.Applies))
            return NormByTensors(gradients, v).item<double>();
        var sum = 0.0;
        foreach (var g in gradients)
            sum += g.dtype == ScalarType.Float32 ? Squares<float>(g, v) : Squares<double>(g, v);
        return Math.Sqrt(sum);
    }

    private static Tensor NormByTensors(Tensor[] gradients, double? v)
        => stack(gradients.Select(g => new GradientClip(1, v).Of(g).norm())).norm().to(ScalarType.Float64);

    private static double Squares<T>(Tensor g, double? v) where T : unmanaged, INumber<T>
        => v is { } bound ? SumOfSquares.OfClamped<T>(Fast.Elements<T>(g), bound) : SumOfSquares.Of<T>(Fast.Elements<T>(g));
}
