using RnnLab.Kernels.Memory;
using RnnLab.Layers;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// The gradients of a layer's weights for a pass to add into: the parameters' own where they are contiguous; else zeros, which are
/// added to the own ones in the end.
/// </summary>
internal sealed class GradientTensors : IDisposable
{
    private readonly (Tensor Own, Tensor Used)[] _gradients;

    public GradientTensors(RecurrentParameters p)
    {
        Parameter?[] all = [p.WeightIh, p.WeightHh, p.BiasIh, p.BiasHh];
        _gradients = [.. all.OfType<Parameter>().Select(parameter =>
        {
            var own = Gradients.Of(parameter);
            return (own, own.is_contiguous() ? own : zeros(own.shape, own.dtype));
        })];
        HasBiasIh = p.BiasIh is not null;
        HasBiasHh = p.BiasHh is not null;
    }

    private bool HasBiasIh { get; }

    private bool HasBiasHh { get; }

    public unsafe LayerWeights<T> Pointers<T>()
        where T : unmanaged => new()
        {
            Ih = TensorMemory.Pointer<T>(_gradients[0].Used),
            Hh = TensorMemory.Pointer<T>(_gradients[1].Used),
            BiasIh = HasBiasIh ? TensorMemory.Pointer<T>(_gradients[2].Used) : null,
            BiasHh = HasBiasHh ? TensorMemory.Pointer<T>(_gradients[^1].Used) : null,
        };

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
