using System.Runtime.CompilerServices;
using RnnLab.Cells;

namespace RnnLab.Recurrence.Passes;

/// <summary>What one row of a step leaves behind in the readable form, found by running the cell's own functions over a row of zeros.</summary>
/// <param name="Saved">Numbers that the cell's functions keep for their adjoints, beside the states.</param>
/// <param name="IsShared">Whether ∂a and ∂q are one tensor.</param>
internal sealed record StepFootprint(long Saved, bool IsShared)
{
    private static readonly ConditionalWeakTable<Cell, StepFootprint> Known = [];

    /// <summary>The footprint of a cell; found once.</summary>
    public static StepFootprint Of(Cell cell) => Known.GetValue(cell, Find);

    private static StepFootprint Find(Cell cell)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var own = cell.OwnParameters.Select(p => Zeros([.. p.Shape])).ToArray();
        var s = new CellState(Zeros(1, cell.OutputSize), cell.HasCellState ? Zeros(1, cell.HiddenSize) : null);
        var (saved, operands, fed) = (new List<Tensor>(), new List<Tensor>(), cell.InputGates);
        CellState? after = null;
        for (var k = 0; k < cell.Products.Count; k++)
        {
            var gates = cell.Products[k];
            var (a, q) = (Zeros(1, Math.Min(gates, fed) * cell.HiddenSize), Zeros(1, gates * cell.HiddenSize));
            fed -= Math.Min(gates, fed);
            if (k == cell.Products.Count - 1)
                after = cell.Phi(a, q, s, own, saved);
            else
                operands.Add(cell.Operand(k, a, q, s, own, saved));
        }
        var g = cell.PhiAdjoint(after!, s, after!, own, saved);
        var kept = saved.Concat(operands).Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>();
        return new(kept.Sum(tensor => tensor.numel()), cell.Products.Count == 1 && ReferenceEquals(g.Da, g.Dq));
    }

    private static Tensor Zeros(params long[] shape) => zeros(shape, ScalarType.Float32);
}
