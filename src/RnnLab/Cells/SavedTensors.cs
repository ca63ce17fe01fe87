namespace RnnLab.Cells;

/// <summary>Saving and taking back by position, so that an adjoint names what it reads.</summary>
public static class SavedTensors
{
    /// <summary>Appends in order.</summary>
    public static void AddAll(this IList<Tensor> saved, params ReadOnlySpan<Tensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(saved);
        foreach (var tensor in tensors)
            saved.Add(tensor);
    }

    /// <summary>The first four.</summary>
    public static (Tensor, Tensor, Tensor, Tensor) Four(this IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        return (saved[0], saved[1], saved[2], saved[3]);
    }

    /// <summary>The first five.</summary>
    public static (Tensor, Tensor, Tensor, Tensor, Tensor) Five(this IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        return (saved[0], saved[1], saved[2], saved[3], saved[4]);
    }
}
