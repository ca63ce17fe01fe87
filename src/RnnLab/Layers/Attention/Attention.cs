using RnnLab.Randomness;

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

    /// <summary>Attention with one of the scores.</summary>
    /// <param name="score">How well a memory vector suits a query.</param>
    /// <param name="querySize">Q.</param>
    /// <param name="memorySize">M; for <see cref="AttentionScore.Dot"/> the same as Q.</param>
    /// <param name="attentionSize">A of <see cref="AttentionScore.Additive"/> and <see cref="AttentionScore.Concat"/>; the others have no use for it.</param>
    /// <param name="seed">The experiment's seed; the streams are init/{name}.{parameter}.</param>
    /// <param name="name">The module's name in its parent.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="device">Where the parameters live; the CPU by default.</param>
    /// <param name="range">Parameters are drawn from U(−range, range); null for 1/√(columns of the weight).</param>
    /// <exception cref="ArgumentOutOfRangeException">A size that the score uses is not positive.</exception>
    /// <exception cref="ArgumentException">The sizes do not suit the score.</exception>
    public static Attention Create(
        AttentionScore score, long querySize, long memorySize, long attentionSize, ulong seed, string name,
        ScalarType dtype = ScalarType.Float32, Device? device = null, double? range = null) => score switch
    {
        AttentionScore.Additive => new AdditiveAttention(querySize, memorySize, attentionSize, seed, name, dtype, device, range),
        AttentionScore.Concat => new AdditiveAttention(querySize, memorySize, attentionSize, seed, name, dtype, device, range, isConcat: true),
        AttentionScore.General => new MultiplicativeAttention(querySize, memorySize, seed, name, dtype, device, range),
        AttentionScore.Dot when querySize == memorySize => new MultiplicativeAttention(querySize, name),
        AttentionScore.Dot => throw new ArgumentException($"the dot score needs queries as wide as the memory, not {querySize} and {memorySize}", nameof(querySize)),
        _ => throw new ArgumentOutOfRangeException(nameof(score), score, "no such score"),
    };

    /// <summary>Takes a memory, to be attended to step by step.</summary>
    /// <param name="memory">(S, B, M).</param>
    /// <param name="mask">(S, B), bool, true where there is something to attend to, at least one in every sequence; null for everywhere.</param>
    /// <param name="record">Whether there is to be a backward.</param>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit, or (found on the CPU only) a sequence has nothing to attend to.</exception>
    public abstract AttentionPass Begin(Tensor memory, Tensor? mask, bool record);

    /// <summary>A parameter of this module, U(−range, range) from the stream init/{module}.{parameter}.</summary>
    private protected Parameter Draw(string parameter, ulong seed, double range, ScalarType dtype, Device? device, params long[] shape)
    {
        foreach (var size in shape)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, parameter);
        using var scope = NewDisposeScope();
        var values = new RandomStream(seed, $"init/{GetName()}.{parameter}").Uniform(shape, -range, range);
        var drawn = new Parameter(values.to(dtype).to(device ?? CPU).DetachFromDisposeScope());
        register_parameter(parameter, drawn);
        return drawn;
    }
}

/// <summary>Attention to one memory. With a record, every <see cref="Step"/> is gone back through by a <see cref="StepBackward"/>, from the last to the first, then <see cref="Finish"/>.</summary>
public abstract class AttentionPass : IDisposable
{
    /// <summary>c (B, M) and α (B, S) of a query (B, Q), or of T of them at once: (T, B, Q) gives (T, B, M) and (T, B, S).</summary>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit.</exception>
    /// <exception cref="InvalidOperationException">A backward has begun, or this is disposed.</exception>
    public abstract (Tensor Context, Tensor Weights) Step(Tensor query);

    /// <summary>∂L/∂q of the latest step not yet gone back through, shaped like its query, from ∂L/∂c.</summary>
    /// <exception cref="ArgumentException">The shape, dtype or device of ∂L/∂c does not fit.</exception>
    /// <exception cref="InvalidOperationException">Nothing was recorded, or no step is left.</exception>
    public abstract Tensor StepBackward(Tensor dContext);

    /// <summary>Adds the gradients of the parameters, and gives ∂L/∂memory (S, B, M). All steps must have been gone back through. Uses the record up.</summary>
    /// <exception cref="InvalidOperationException">Nothing was recorded, or steps are left.</exception>
    public abstract Tensor Finish();

    /// <summary>Frees what it holds.</summary>
    public abstract void Dispose();
}
