using RnnLab.Cells;

namespace RnnLab.Recurrence;

/// <summary>The weights of one recurrent layer, in PyTorch's shapes.</summary>
/// <param name="WeightIh">W_ih, (G·H, I); G is the number of the cell's <see cref="Cell.InputGates"/> here and in b_ih.</param>
/// <param name="WeightHh">W_hh, (G·H, H), (G·H, P) for a projecting cell, (H) for a diagonal.</param>
/// <param name="BiasIh">b_ih, (G·H), or null.</param>
/// <param name="BiasHh">b_hh, (G·H), or null.</param>
/// <param name="WeightHr">W_hr, (P, H), of a projecting cell.</param>
/// <param name="Own">The cell's own parameters, in its order.</param>
public sealed record RecurrentParameters(
    Parameter WeightIh, Parameter WeightHh, Parameter? BiasIh, Parameter? BiasHh, Parameter? WeightHr, IReadOnlyList<Parameter> Own)
{
    /// <summary>The parameters of a new layer.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="inputSize">I.</param>
    /// <param name="name">The layer's part of the parameters' names, l0 or l0_reverse, and so of their random streams.</param>
    /// <param name="initialization">How to draw them.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="device">Where they live; the CPU by default.</param>
    public static RecurrentParameters Create(
        Cell cell, long inputSize, string name, Initialization initialization, ulong seed, bool bias = true,
        ScalarType dtype = ScalarType.Float32, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(initialization);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        var values = new InitialValues(initialization, cell, seed, dtype, device ?? CPU);
        var shapes = Shapes(cell, inputSize);
        Parameter Make(string kind, long[] shape) => values.Draw($"{kind}_{name}", kind, shape);
        return new(
            Make("weight_ih", shapes.Ih),
            Make("weight_hh", shapes.Hh),
            bias ? Make("bias_ih", [shapes.Ih[0]]) : null,
            bias ? Make("bias_hh", shapes.Bias) : null,
            cell.ProjectionSize > 0 ? Make("weight_hr", shapes.Hr) : null,
            [.. cell.OwnParameters.Select(own => Make(own.Name, [.. own.Shape]))]);
    }

    /// <summary>All parameters with PyTorch's names for the layer called <paramref name="layer"/> (l0, l0_reverse), in PyTorch's order.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Named(Cell cell, string layer)
    {
        ArgumentNullException.ThrowIfNull(cell);
        (string, Parameter?)[] all =
        [
            ("weight_ih", WeightIh), ("weight_hh", WeightHh), ("bias_ih", BiasIh), ("bias_hh", BiasHh), ("weight_hr", WeightHr),
            .. cell.OwnParameters.Zip(Own, (own, p) => (own.Name, (Parameter?)p)),
        ];
        return all.Where(p => p.Item2 is not null).Select(p => ($"{p.Item1}_{layer}", p.Item2!));
    }

    internal void RequireShapes(Cell cell)
    {
        var expected = Shapes(cell, WeightIh.shape is [_, var inputs] ? inputs : 0);
        Require("weight_ih", WeightIh, expected.Ih);
        Require("weight_hh", WeightHh, expected.Hh);
        Require("bias_ih", BiasIh, [expected.Ih[0]]);
        Require("bias_hh", BiasHh, expected.Bias);
        if ((WeightHr is not null) != cell.ProjectionSize > 0)
            throw new ArgumentException($"weight_hr belongs to a cell with a projection, and to no other; {cell.Name} has proj_size {cell.ProjectionSize}");
        Require("weight_hr", WeightHr, expected.Hr);
        if (Own.Count != cell.OwnParameters.Count)
            throw new ArgumentException($"{cell.Name} has {cell.OwnParameters.Count} parameters of its own, not {Own.Count}");
        foreach (var (own, parameter) in cell.OwnParameters.Zip(Own))
            Require(own.Name, parameter, [.. own.Shape]);
    }

    private static (long[] Ih, long[] Hh, long[] Bias, long[] Hr) Shapes(Cell cell, long inputSize)
    {
        var (rows, H) = (cell.Gates * cell.HiddenSize, cell.HiddenSize);
        if (cell.Products.Sum() != cell.Gates)
            throw new ArgumentException($"{cell.Name}: the recurrent products feed {cell.Products.Sum()} gates of {cell.Gates}");
        if (cell.InputGates < 1 || cell.InputGates > cell.Gates)
            throw new ArgumentException($"{cell.Name}: the input feeds {cell.InputGates} gates of {cell.Gates}");
        if (cell.RecurrentWeight == RecurrentWeight.Diagonal && (cell.Gates != 1 || cell.ProjectionSize > 0))
            throw new ArgumentException($"{cell.Name}: a diagonal recurrent weight goes with one gate and no projection");
        return ([cell.InputGates * H, inputSize], cell.RecurrentWeight == RecurrentWeight.Diagonal ? [H] : [rows, cell.OutputSize], [rows], [cell.ProjectionSize, H]);
    }

    private static void Require(string name, Parameter? parameter, long[] shape)
    {
        if (parameter is not null && !parameter.shape.SequenceEqual(shape))
            throw new ArgumentException($"{name} is {RecurrentLayer.Shape(parameter)}, expected ({string.Join(", ", shape)})");
    }
}
