using RnnLab.Cells;

namespace RnnLab.Recurrence;

/// <summary>How many parameters a layer has.</summary>
public static class ParameterFormula
{
    /// <summary>As a formula in H, I and, for a projecting cell, P: 4·H·I + 4·H·H + 8·H for the LSTM.</summary>
    public static string Of(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var isDiagonal = cell.RecurrentWeight == RecurrentWeight.Diagonal;
        var biases = cell.HasProjectionBiases ? cell.InputGates + cell.Gates : 0;
        var own = cell.OwnParameters.Sum(p => p.Shape.Aggregate(1L, (product, n) => product * n)) / cell.HiddenSize;
        (long Factor, string Product)[] terms =
        [
            (cell.InputGates, "H·I"), (isDiagonal ? 0 : cell.Gates, cell.ProjectionSize > 0 ? "H·P" : "H·H"), (cell.ProjectionSize > 0 ? 1 : 0, "P·H"),
            ((isDiagonal ? 1 : 0) + biases + own, "H"),
        ];
        return string.Join(" + ", terms.Where(t => t.Factor > 0).Select(t => t.Factor == 1 ? t.Product : $"{t.Factor}·{t.Product}"));
    }

    /// <summary>As a number, for an input of <paramref name="inputSize"/>.</summary>
    public static long Count(Cell cell, long inputSize)
        => RecurrentParameters.Shapes(cell, inputSize).Sum(p => p.Shape.Aggregate(1L, (product, n) => product * n));
}
