namespace RnnLab.Layers;

/// <summary>
/// Attention over a memory of vectors m_1 … m_S: a query q gives scores e_s, weights α = softmax(e) over the positions that the mask leaves, and the context c = Σ_s α_s m_s.
/// </summary>
/// <param name="name">The module's name.</param>
/// <param name="querySize">Q, the width of a query.</param>
/// <param name="memorySize">M, the width of a memory vector.</param>
public abstract class Attention(string name, long querySize, long memorySize) : PlacedModule(name)
{
    /// <summary>Q.</summary>
    public long QuerySize { get; } = querySize;

    /// <summary>M.</summary>
    public long MemorySize { get; } = memorySize;

    /// <summary>Takes a memory, to be attended to step by step.</summary>
    /// <param name="memory">(S, B, M).</param>
    /// <param name="mask">(S, B), bool, true where there is something to attend to, at least one in every sequence; null for everywhere.</param>
    /// <param name="record">Whether there is to be a backward.</param>
    public abstract AttentionPass Begin(Tensor memory, Tensor? mask, bool record);
}

/// <summary>Attention to one memory. With a record, every <see cref="Step"/> is gone back through by a <see cref="StepBackward"/>, from the last to the first, then <see cref="Finish"/>.</summary>
public abstract class AttentionPass : IDisposable
{
    /// <summary>c (B, M) and α (B, S) of a query (B, Q), or of T of them at once: (T, B, Q) gives (T, B, M) and (T, B, S).</summary>
    public abstract (Tensor Context, Tensor Weights) Step(Tensor query);

    /// <summary>∂L/∂q of the latest step not yet gone back through, shaped like its query, from ∂L/∂c.</summary>
    public abstract Tensor StepBackward(Tensor dContext);

    /// <summary>Adds the gradients of the parameters, and gives ∂L/∂memory (S, B, M). All steps must have been gone back through.</summary>
    public abstract Tensor Finish();

    /// <summary>Frees what it holds.</summary>
    public abstract void Dispose();
}
