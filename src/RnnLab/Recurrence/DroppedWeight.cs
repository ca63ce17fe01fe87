using RnnLab.Layers;

namespace RnnLab.Recurrence;

/// <summary>A call's weights under weight drop: W_hh ⊙ m in place of W_hh, with a gradient of its own, whose adjoint is ∂W_hh += m ⊙ ∂(W_hh ⊙ m).</summary>
internal sealed class DroppedWeight : IDisposable
{
    private readonly Tensor _mask;

    /// <param name="p">The layer's weights.</param>
    /// <param name="mask">m, of 1/(1 − p) and 0.</param>
    public DroppedWeight(RecurrentParameters p, Tensor mask)
    {
        _mask = mask.DetachFromDisposeScope();
        Parameters = p with { WeightHh = new Parameter((p.WeightHh * mask).DetachFromDisposeScope()) };
        Parameters.WeightHh.DetachFromDisposeScope();
    }

    /// <summary>The weights.</summary>
    public RecurrentParameters Parameters { get; }

    /// <summary>Adds the gradient that the passes left for the masked weight to that of the weight itself.</summary>
    public void AddGradient(Parameter weight)
    {
        using var scope = NewDisposeScope();
        Gradients.Of(weight).addcmul_(Gradients.Of(Parameters.WeightHh), _mask, 1);
    }

    public void Dispose()
    {
        Parameters.WeightHh.Dispose();
        _mask.Dispose();
    }
}
