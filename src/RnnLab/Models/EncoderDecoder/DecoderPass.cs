using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>What goes back from a decoder to what it was told.</summary>
/// <param name="Ds0">∂L/∂s_0 of every layer.</param>
/// <param name="DMemory">∂L/∂memory (S, B, M), or null.</param>
/// <param name="DFixed">∂L/∂C (B, C), or null.</param>
internal sealed record DecoderGradient(RecurrentState Ds0, Tensor? DMemory, Tensor? DFixed);

/// <summary>A decoder run over target sequences.</summary>
internal abstract class DecoderPass : IDisposable
{
    /// <summary>What the head sees at all steps, (T', B, R): this object's own.</summary>
    public abstract Tensor Readout { get; }

    /// <summary>Logits (T', B, V) where the steps needed them, or null.</summary>
    public virtual Tensor? Logits => null;

    /// <summary>Adds the gradients of all parameters but the head's, from ∂L/∂readout; once.</summary>
    public abstract DecoderGradient Backward(Tensor dReadout);

    public abstract void Dispose();
}
