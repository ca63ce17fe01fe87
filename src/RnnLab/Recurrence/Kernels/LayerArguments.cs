using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence.Kernels;

/// <summary>The sizes of a call.</summary>
/// <param name="Steps">Steps and their rows.</param>
/// <param name="I">Inputs.</param>
/// <param name="H">Units.</param>
/// <param name="O">Outputs: P where h is projected, else H.</param>
/// <param name="K">Numbers of h_{t-1} that W_hh multiplies each row with: O, or 0 where it is a diagonal.</param>
internal readonly record struct Sizes(StepRows Steps, int I, int H, int O, int K)
{
    /// <summary>T.</summary>
    public int T => Steps.T;

    /// <summary>B.</summary>
    public int B => Steps.B;

    /// <summary>The rows of a part of the work, as [From, To).</summary>
    public (int From, int To) RowsOf(WorkerPart part) => Steps.Share(part.Row, part.Rows);
}

/// <summary>
/// The weights of a layer, contiguous, in PyTorch's shapes; or, with the same shapes, their gradients. What a layer lacks is null: a bias, W_hr, the units' weights
/// (rows of H; a diagonal W_hh is among them), or W_hh.
/// </summary>
internal unsafe struct LayerWeights<T>
    where T : unmanaged
{
    public T* Ih, Hh, BiasIh, BiasHh, Hr, Units;
}

/// <summary>A state, rows without gaps, h (B, O) and c (B, H), which is null for cells without one.</summary>
internal unsafe struct LayerState<T>
    where T : unmanaged
{
    public T* H, C;
}
