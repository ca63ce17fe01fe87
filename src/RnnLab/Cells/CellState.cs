namespace RnnLab.Cells;

/// <summary>
/// The state s of a cell for a batch: h, which the next step and the next layer see, and, for cells of the LSTM family, c.
/// </summary>
/// <param name="H">h, (B, H), or (B, P) where the cell projects.</param>
/// <param name="C">c, (B, H), or null for cells whose state is h alone.</param>
/// <remarks>It does not own its tensors: whoever made them, or the dispose scope they were made in, does.</remarks>
public sealed record CellState(Tensor H, Tensor? C = null) : IDisposable
{
    /// <summary>The same function of h and of c.</summary>
    public CellState Map(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return new(f(H), C is null ? null : f(C));
    }

    /// <summary>A copy that shares nothing and that no dispose scope ends.</summary>
    public CellState Copy()
    {
        using var scope = NewDisposeScope();
        return Map(s => s.detach().clone().DetachFromDisposeScope());
    }

    /// <summary>Other handles on the same memory, which no dispose scope ends.</summary>
    public CellState Share() => Map(s => s.alias().DetachFromDisposeScope());

    /// <summary>h + dh and c, for adding up the gradients that reach a state.</summary>
    public CellState AddH(Tensor dh) => this with { H = H + dh };

    /// <summary>Frees h and c.</summary>
    public void Dispose()
    {
        H.Dispose();
        C?.Dispose();
    }
}
