using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary>What the fused passes of a layer hold, in numbers, reckoned before anything is made. A tape of n steps holds n·<see cref="Step"/> + <see cref="State"/>.</summary>
/// <param name="BlockSteps">As <see cref="FusedPasses"/> has it for the call.</param>
/// <param name="StateCost">The same.</param>
/// <param name="Step">A recorded step.</param>
/// <param name="State">The state before the first.</param>
/// <param name="Workspace">Beside the tape, in the larger of the two passes.</param>
internal sealed record FusedFootprint(int BlockSteps, double StateCost, double Step, double State, double Workspace)
{
    /// <summary>The footprint of a cell's passes.</summary>
    public static FusedFootprint Of<S, V, T, C>(Sizes size, RowLayout layout, WorkerGrid grid, double stateCost)
        where S : struct, ISimd<V, T>
        where V : struct
        where T : unmanaged
        where C : struct, IFusedCell<S, V, T>
    {
        var (slots, rows, steps) = (C.Slots, (double)size.B, FusedBackward<S, V, T, C>.Chunk(size.T, size.B, grid));
        double gates = slots.Gates, units = (double)slots.UnitWeights.Count * layout.Padded, projected = C.IsProjected ? size.H : 0;
        var state = layout.PaddedOutput + (C.HasCellState ? layout.Padded : 0);

        var forward = Panels(size.I + size.K, gates * layout.Padded, S.Count) + layout.Stride + units + Panels(projected, layout.PaddedOutput, S.Count);

        // Weights, gradients of a step's states, those of the weights for each group of rows but one, and what each thread's sums are made of.
        var weights = Panels(gates * layout.Padded, C.HasRecurrentProduct ? layout.PaddedOutput : 0, S.Count) + Panels(gates * layout.Padded, size.I, S.Count) + units;
        var projection = C.IsProjected ? Panels(size.O, layout.Padded, S.Count) + OutputProjectionBack<S, V, T>.Numbers(layout, size.B, steps) : 0;
        var gradients = size.H * (gates * (size.I + size.K + 2.0) + slots.UnitWeights.Count) + projected * size.O;
        double summed = FusedBackward<S, V, T, C>.MostRows(steps, size.B, grid);
        var sums = Panels(summed, size.I, S.Count) + Panels(summed, size.K, S.Count) + Panels(summed, projected, S.Count) + summed * GradientBand<S, V, T>.MostColumns;
        var backward = weights + projection + rows * state + (grid.Rows - 1) * gradients + grid.Workers * sums;

        return new(steps, stateCost, rows * (layout.Stride + state), rows * state, Math.Max(forward, backward));
    }

    /// <summary>Panels of two vectors of columns each.</summary>
    private static double Panels(double rows, double columns, int vector) => rows * Math.Ceiling(columns / (2 * vector)) * 2 * vector;
}
