using RnnLab.Cells;
using RnnLab.Recurrence.Kernels;

namespace RnnLab.Recurrence;

/// <summary>Which cells have fused passes on the CPU; the readable form runs every cell on every device.</summary>
public static class FusedCells
{
    /// <summary>Whether a layer of the cell runs fused, in float32 and float64, with <see cref="Kernel.Fast"/> on the CPU.</summary>
    public static bool Contain(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return FusedPasses.Has(cell);
    }
}
