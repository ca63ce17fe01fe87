namespace RnnLab.Recurrence.Kernels;

/// <summary>The sizes of a call.</summary>
/// <param name="T">Steps.</param>
/// <param name="B">Batch.</param>
/// <param name="I">Inputs.</param>
/// <param name="H">Units.</param>
internal readonly record struct Sizes(int T, int B, int I, int H);

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
