using RnnLab.Layers;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// The gradients of a layer's weights for a pass to add into: the parameters' own where they are contiguous; else zeros, which are
/// added to the own ones in the end.
/// </summary>
internal sealed class GradientTensors : IDisposable
{
    private readonly List<(Tensor Own, Tensor Used)> _gradients = [];

    /// <summary>The gradient of a parameter, for as long as this is not disposed.</summary>
    public Tensor Of(Parameter parameter)
    {
        var own = Gradients.Of(parameter);
        var used = own.is_contiguous() ? own : zeros(own.shape, own.dtype);
        _gradients.Add((own, used));
        return used;
    }

    public void Dispose()
    {
        foreach (var (own, used) in _gradients)
        {
            if (!ReferenceEquals(own, used))
            {
                own.add_(used);
                used.Dispose();
            }
            own.Dispose();
        }
    }
}
