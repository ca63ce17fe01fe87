using RnnLab.Cells;
using RnnLab.Recurrence;

namespace RnnLab.Modules;

/// <summary>What a module computes, without its weights: the cells and how they stand. It makes a stack over whatever weights the module has at the time of a call.</summary>
internal sealed class ModuleForm
{
    private readonly List<FormLayer> _layers = [];
    private readonly bool _bias;
    private readonly double _dropout;
    private readonly RecurrentModuleOptions _options;
    private readonly ulong _seed;

    /// <exception cref="ArgumentException">A size is not positive, or the dropout no probability below 1.</exception>
    public ModuleForm(Func<Cell> cell, long inputSize, long numLayers, bool bias, double dropout, bool bidirectional, RecurrentModuleOptions? options)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numLayers);
        if (!(dropout >= 0 && dropout < 1))
            throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "dropout must be in [0, 1)");
        (_bias, _dropout, _options) = (bias, dropout, options ?? new());
        _seed = _options.DrawnSeed();
        var width = inputSize;
        for (var k = 0L; k < numLayers; k++)
        {
            foreach (var reverse in bidirectional ? new[] { false, true } : [false])
                _layers.Add(new(cell(), width, RecurrentStack.NameOf((int)k, reverse), reverse));
            width = Cell.OutputSize * (bidirectional ? 2 : 1);
        }
    }

    /// <summary>The lowest layer's cell; the others are like it.</summary>
    public Cell Cell => _layers[0].Cell;

    /// <summary>I.</summary>
    public long InputSize => _layers[0].InputSize;

    /// <summary>Layers of all levels and directions.</summary>
    public int Count => _layers.Count;

    /// <summary>The end of the names of a layer's parameters: l0, l0_reverse.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    public string NameOf(long layer)
        => layer >= 0 && layer < Count ? _layers[(int)layer].Name : throw new ArgumentOutOfRangeException(nameof(layer), layer, $"there are {Count} layers, from 0");

    /// <summary>What a call keeps for its backward pass.</summary>
    public TapeMemory TapeMemory => _options.TapeMemory;

    /// <summary>Whether masks depend on the number of the time step.</summary>
    public bool IsStochastic => _dropout > 0 || _options.Regularization != RecurrentRegularization.None;

    /// <summary>New parameters with PyTorch's names, in PyTorch's order.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Create(ScalarType dtype, Device device) => _layers.SelectMany(
        layer => RecurrentParameters.Create(layer.Cell, layer.InputSize, layer.Name, _options.Initialization, _seed, _bias, dtype, device).Named(layer.Cell, layer.Name));

    /// <summary>The stack over <paramref name="weights"/>, which are in the order of <see cref="Create"/> and go with it when it is disposed.</summary>
    public RecurrentStack Over(IEnumerable<Parameter> weights, bool training)
    {
        var left = new Queue<Parameter>(weights);
        var layers = _layers.Select(layer => new RecurrentLayer(layer.Cell, Take(layer.Cell, left), layer.Reverse, _options.Regularization, _seed, layer.Name)).ToArray();
        var stack = new RecurrentStack(layers, _dropout, _seed);
        stack.train(training);
        return stack;
    }

    // The initialisers run in the order in which they stand.
    private RecurrentParameters Take(Cell cell, Queue<Parameter> left) => new(
        WeightIh: left.Dequeue(),
        WeightHh: left.Dequeue(),
        BiasIh: _bias && cell.HasProjectionBiases ? left.Dequeue() : null,
        BiasHh: _bias && cell.HasProjectionBiases ? left.Dequeue() : null,
        WeightHr: cell.ProjectionSize > 0 ? left.Dequeue() : null,
        Own: [.. cell.OwnParameters.Select(_ => left.Dequeue())]);

    /// <summary>A layer.</summary>
    /// <param name="Cell">Its cell.</param>
    /// <param name="InputSize">I of this layer.</param>
    /// <param name="Name">The end of its parameters' names.</param>
    /// <param name="Reverse">Whether it goes from the last step to the first.</param>
    private sealed record FormLayer(Cell Cell, long InputSize, string Name, bool Reverse);
}
