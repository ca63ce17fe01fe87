namespace RnnLab.Recurrence.Kernels;

/// <summary>Where a fused pass keeps its numbers, in elements.</summary>
internal readonly struct RowLayout
{
    public RowLayout(GateSlots slots, int units, int vector)
    {
        Units = units;
        Vector = vector;
        // Whole vectors, and whole blocks of eight, by which weight gradients are taken.
        var step = Math.Max(vector, 8);
        Padded = (units + step - 1) / step * step;
        // A vector more than the slots take: the rows of large layers would otherwise lie a power of two apart, and fall on the same few places of the cache.
        Stride = slots.Count * Padded + vector;
    }

    /// <summary>H.</summary>
    public int Units { get; }

    /// <summary>Elements of a vector.</summary>
    public int Vector { get; }

    /// <summary>H rounded up to whole vectors: the width of a slot, and of a row of h and c.</summary>
    public int Padded { get; }

    /// <summary>From one row of slots to the next.</summary>
    public int Stride { get; }

    /// <summary>Vectors of units.</summary>
    public int Vectors => Padded / Vector;
}
