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
    /// <exception cref="ArgumentException">The initialisation asks for what the cell does not have.</exception>
    public static RecurrentParameters Create(
        Cell cell, long inputSize, string name, Initialization initialization, ulong seed, bool bias = true,
        ScalarType dtype = ScalarType.Float32, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(initialization);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        if (initialization.Misfit(cell, bias) is { } misfit)
            throw new ArgumentException($"{misfit.Key}: {misfit.Problem}", nameof(initialization));
        var values = new InitialValues(initialization, cell, seed, dtype, device ?? CPU);
        var parameters = Shapes(cell, inputSize, bias).ToDictionary(p => p.Name, p => values.Draw($"{p.Name}_{name}", p.Name, p.Shape));
        return new(
            parameters["weight_ih"], parameters["weight_hh"], parameters.GetValueOrDefault("bias_ih"), parameters.GetValueOrDefault("bias_hh"),
            parameters.GetValueOrDefault("weight_hr"), [.. cell.OwnParameters.Select(own => parameters[own.Name])]);
    }

    /// <summary>The names, without the layer's, and the shapes of a layer's parameters, in PyTorch's order.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="inputSize">I.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <exception cref="ArgumentException">The cell's declarations contradict each other.</exception>
    public static IReadOnlyList<(string Name, long[] Shape)> Shapes(Cell cell, long inputSize, bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var (ih, hh, biasHh, hr) = ProjectionShapes(cell, inputSize);
        var hasBiases = bias && cell.HasProjectionBiases;
        var projections = new (string Name, long[] Shape, bool IsThere)[]
        {
            ("weight_ih", ih, true), ("weight_hh", hh, true), ("bias_ih", [ih[0]], hasBiases), ("bias_hh", biasHh, hasBiases), ("weight_hr", hr, cell.ProjectionSize > 0),
        };
        return [.. projections.Where(p => p.IsThere).Select(p => (p.Name, p.Shape)), .. cell.OwnParameters.Select(own => (own.Name, own.Shape.ToArray()))];
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
        var expected = ProjectionShapes(cell, WeightIh.shape is [_, var inputs] ? inputs : 0);
        Require("weight_ih", WeightIh, expected.Ih);
        Require("weight_hh", WeightHh, expected.Hh);
        Require("bias_ih", BiasIh, [expected.Ih[0]]);
        Require("bias_hh", BiasHh, expected.Bias);
        if (!cell.HasProjectionBiases && (BiasIh ?? BiasHh) is not null)
            throw new ArgumentException($"{cell.Name} has no bias_ih and bias_hh: parameters of its own take their place");
        if ((WeightHr is not null) != cell.ProjectionSize > 0)
            throw new ArgumentException($"weight_hr belongs to a cell with a projection, and to no other; {cell.Name} has proj_size {cell.ProjectionSize}");
        Require("weight_hr", WeightHr, expected.Hr);
        if (Own.Count != cell.OwnParameters.Count)
            throw new ArgumentException($"{cell.Name} has {cell.OwnParameters.Count} parameters of its own, not {Own.Count}");
        foreach (var (own, parameter) in cell.OwnParameters.Zip(Own))
            Require(own.Name, parameter, [.. own.Shape]);
    }

    private static (long[] Ih, long[] Hh, long[] Bias, long[] Hr) ProjectionShapes(Cell cell, long inputSize)
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
