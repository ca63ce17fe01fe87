namespace RnnLab.Recurrence.Kernels;

/// <summary>Where a fused pass keeps its numbers, in elements.</summary>
internal readonly struct RowLayout
{
    public RowLayout(GateSlots slots, int units, int outputs, int vector)
    {
        Units = units;
        Vector = vector;
        // Whole vectors, and whole blocks of eight, by which weight gradients are taken.
        var step = Math.Max(vector, 8);
        int Whole(int width) => (width + step - 1) / step * step;
        (Padded, PaddedOutput) = (Whole(units), Whole(outputs));
        // A vector more than the slots take: the rows of large layers would otherwise lie a power of two apart, and fall on the same few places of the cache.
        Stride = slots.Count * Padded + vector;
    }

    /// <summary>H.</summary>
    public int Units { get; }

    /// <summary>Elements of a vector.</summary>
    public int Vector { get; }

    /// <summary>H rounded up to whole vectors: the width of a slot, and of a row of c.</summary>
    public int Padded { get; }

    /// <summary>O rounded up alike: the width of a row of h.</summary>
    public int PaddedOutput { get; }

    /// <summary>From one row of slots to the next.</summary>
    public int Stride { get; }

    /// <summary>From a row's start to its last slot.</summary>
    public int LastSlot => Stride - Vector - Padded;

    /// <summary>Vectors of units.</summary>
    public int Vectors => Padded / Vector;
}
