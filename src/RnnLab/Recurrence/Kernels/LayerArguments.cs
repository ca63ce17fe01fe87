using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence.Kernels;

/// <summary>The sizes of a call.</summary>
/// <param name="Steps">Steps and their rows.</param>
/// <param name="I">Inputs.</param>
/// <param name="H">Units.</param>
internal readonly record struct Sizes(StepRows Steps, int I, int H)
{
    /// <summary>T.</summary>
    public int T => Steps.T;

    /// <summary>B.</summary>
    public int B => Steps.B;

    /// <summary>The rows of a part of the work, as [From, To).</summary>
    public (int From, int To) RowsOf(WorkerPart part) => Steps.Share(part.Row, part.Rows);
}

/// <summary>The weights of a layer, contiguous, in PyTorch's shapes; or, with the same shapes, their gradients. A bias may be null.</summary>
internal unsafe struct LayerWeights<T>
    where T : unmanaged
{
    public T* Ih, Hh, BiasIh, BiasHh;
}

/// <summary>A state, rows without gaps (B, H); c is null for cells without one.</summary>
internal unsafe struct LayerState<T>
    where T : unmanaged
{
    public T* H, C;
}
