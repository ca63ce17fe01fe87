namespace RnnLab.Models;

/// <summary>Sequences that a <see cref="SequenceCore"/> goes on with step by step, without masks, recording nothing.</summary>
public abstract class CoreContinuation : IDisposable
{
    /// <summary>The output (B, O) of the latest step; this object's own, until the next step.</summary>
    public abstract Tensor Output { get; }

    /// <summary>Takes the next input, (B, I).</summary>
    public abstract void Step(Tensor x);

    /// <summary>Frees what it holds.</summary>
    public abstract void Dispose();
}
