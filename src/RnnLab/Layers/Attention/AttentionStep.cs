namespace RnnLab.Layers;

/// <summary>One step of attention on record: T queries, T = 1 for a single one. Its tensors are its own.</summary>
/// <param name="query">q, (B, T, Q).</param>
/// <param name="weights">α, (B, T, S).</param>
/// <param name="isSingle">Whether the query was given as (B, Q).</param>
internal sealed class AttentionStep(Tensor query, Tensor weights, bool isSingle) : IDisposable
{
    /// <summary>q, (B, T, Q).</summary>
    public Tensor Query { get; } = Held(query);

    /// <summary>α, (B, T, S).</summary>
    public Tensor Weights { get; } = Held(weights);

    /// <summary>Whether the query was given as (B, Q).</summary>
    public bool IsSingle { get; } = isSingle;

    /// <summary>What the score keeps for its adjoint, until that has been.</summary>
    public Tensor? Saved
    {
        get;
        set
        {
            field?.Dispose();
            field = value?.DetachFromDisposeScope();
        }
    }

    /// <summary>∂L/∂c, (B, T, M), once it is known.</summary>
    public Tensor? DContext
    {
        get;
        set => field = value is null ? null : Held(value);
    }

    /// <summary>What the score's adjoint leaves for the products over all steps.</summary>
    public Tensor? DScored
    {
        get;
        set => field = value?.DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { Query, Weights, Saved, DContext, DScored })
            tensor?.Dispose();
    }

    private static Tensor Held(Tensor x) => x.alias().DetachFromDisposeScope();
}
