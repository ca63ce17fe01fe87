using RnnLab.Cells;
using RnnLab.Layers;

namespace RnnLab.Recurrence;

/// <summary>
/// Layers of recurrence, each fed with the outputs of the one below, with dropout between them in training: x → layer 0 → dropout →
/// layer 1 → … → output. Parameters have the names that torch.nn.LSTM gives them: weight_ih_l0, weight_hh_l0, …
/// </summary>
public sealed class RecurrentStack : PlacedModule
{
    private readonly Dropout?[] _dropouts;

    /// <summary>A stack over the given layers.</summary>
    /// <param name="layers">From the lowest up; at least one.</param>
    /// <param name="dropout">Probability of dropping an output of a layer on its way to the next.</param>
    /// <param name="seed">The seed of the dropout masks.</param>
    /// <exception cref="ArgumentException">There is no layer, or one's input is not as wide as the output below it.</exception>
    public RecurrentStack(IReadOnlyList<RecurrentLayer> layers, double dropout = 0, ulong seed = 0) : base("rnn")
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
            throw new ArgumentException("a stack needs a layer", nameof(layers));
        for (var k = 1; k < layers.Count; k++)
            if (layers[k].InputSize != layers[k - 1].Cell.OutputSize)
                throw new ArgumentException($"layer {k} takes inputs of {layers[k].InputSize}, layer {k - 1} gives {layers[k - 1].Cell.OutputSize}", nameof(layers));
        Layers = layers;
        _dropouts = [.. layers.Select((_, k) => k > 0 && dropout > 0 ? new Dropout(dropout, seed, $"dropout/l{k}") : null)];
        for (var k = 0; k < layers.Count; k++)
            foreach (var (name, parameter) in layers[k].Parameters.Named(layers[k].Cell, k))
                register_parameter(name, parameter);
    }

    /// <summary>The layers from the lowest up.</summary>
    public IReadOnlyList<RecurrentLayer> Layers { get; }

    /// <summary>The last dimension of the output.</summary>
    public long OutputSize => Layers[^1].Cell.OutputSize;

    /// <summary>Builds <paramref name="numLayers"/> layers of one kind of cell.</summary>
    /// <param name="cell">Makes a layer's cell.</param>
    /// <param name="inputSize">I of the lowest layer.</param>
    /// <param name="numLayers">The number of layers.</param>
    /// <param name="dropout">Dropout between layers.</param>
    /// <param name="initialization">How parameters start; PyTorch's way by default.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="device">Where the parameters live.</param>
    public static RecurrentStack Create(
        Func<Cell> cell, long inputSize, int numLayers = 1, double dropout = 0, Initialization? initialization = null, ulong seed = 0,
        bool bias = true, ScalarType dtype = ScalarType.Float32, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var layers = new List<RecurrentLayer>();
        for (var k = 0; k < numLayers; k++)
        {
            var made = cell();
            var width = k == 0 ? inputSize : layers[k - 1].Cell.OutputSize;
            layers.Add(new(made, RecurrentParameters.Create(made, width, k, initialization ?? Initialization.PyTorch, seed, bias, dtype, device)));
        }
        return new(layers, dropout, seed);
    }

    /// <summary>A state of zeros for a batch of B.</summary>
    public RecurrentState ZeroState(long batch) => new([.. Layers.Select(layer => layer.ZeroState(batch))]);

    /// <summary>All layers over a sequence.</summary>
    /// <param name="x">Inputs, (T, B, I).</param>
    /// <param name="s0">The layers' states before it.</param>
    /// <param name="tape">An empty tape to record on, or null. Dropout acts when the module is in training mode.</param>
    /// <param name="firstStep">The number of the first time step, which the dropout masks are a function of.</param>
    /// <returns>The top layer's outputs (T, B, H) and the layers' states after the sequence.</returns>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit, or the tape is not empty.</exception>
    public (Tensor Output, RecurrentState State) Forward(Tensor x, RecurrentState s0, StackTape? tape = null, long firstStep = 0)
    {
        RequireState(s0);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var (y, states) = (x, new CellState[Layers.Count]);
        for (var k = 0; k < Layers.Count; k++)
        {
            if (DropoutMask(k, y, firstStep) is { } mask)
            {
                tape?.AddMask(k, mask);
                y = y * mask;
            }
            (y, states[k]) = Layers[k].Forward(y, s0.Layers[k], tape?.Layer(k));
        }
        return (y.MoveToOuterDisposeScope(), new RecurrentState(states).Map(s => s.MoveToOuterDisposeScope()));
    }

    /// <summary>The adjoint of <see cref="Forward"/>: adds the gradients of all parameters, and uses the tape up.</summary>
    /// <param name="tape">The forward call's tape.</param>
    /// <param name="dOutput">∂L/∂output, (T, B, H).</param>
    /// <param name="dsT">∂L/∂ of the states after the sequence, or null.</param>
    /// <returns>∂L/∂x (T, B, I) and ∂L/∂s_0 of every layer.</returns>
    public (Tensor Dx, RecurrentState Ds0) Backward(StackTape tape, Tensor dOutput, RecurrentState? dsT = null)
    {
        var (dx, ds0) = GoBack(tape, dOutput, dsT, wantDx: true);
        return (dx!, ds0);
    }

    /// <summary>The same without ∂L/∂x, for inputs that are data.</summary>
    /// <returns>∂L/∂s_0 of every layer.</returns>
    public RecurrentState BackwardToParameters(StackTape tape, Tensor dOutput, RecurrentState? dsT = null) => GoBack(tape, dOutput, dsT, wantDx: false).Ds0;

    private (Tensor? Dx, RecurrentState Ds0) GoBack(StackTape tape, Tensor dOutput, RecurrentState? dsT, bool wantDx)
    {
        ArgumentNullException.ThrowIfNull(tape);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var (d, ds0) = ((Tensor?)dOutput, new CellState[Layers.Count]);
        for (var k = Layers.Count - 1; k >= 0; k--)
        {
            (d, ds0[k]) = Layers[k].GoBack(tape.Layer(k), d!, dsT?.Layers[k], wantDx || k > 0);
            if (d is not null && tape.Mask(k) is { } mask)
                d = d * mask;
        }
        tape.Dispose();
        return (d?.MoveToOuterDisposeScope(), new RecurrentState(ds0).Map(s => s.MoveToOuterDisposeScope()));
    }

    /// <summary>One step of all layers, without dropout, recording nothing: for sampling.</summary>
    /// <param name="x">x_t, (B, I).</param>
    /// <param name="s">The layers' states before it.</param>
    public (Tensor Output, RecurrentState State) Step(Tensor x, RecurrentState s)
    {
        RequireState(s);
        using var scope = NewDisposeScope();
        var (y, states) = (x, new CellState[Layers.Count]);
        for (var k = 0; k < Layers.Count; k++)
        {
            states[k] = Layers[k].Step(y, s.Layers[k]);
            y = states[k].H;
        }
        return (y.clone().MoveToOuterDisposeScope(), new RecurrentState(states).Map(own => own.MoveToOuterDisposeScope()));
    }

    /// <summary>The mask on layer k's input x in training mode, or null where nothing is dropped.</summary>
    internal Tensor? DropoutMask(int k, Tensor x, long firstStep) => training ? _dropouts[k]?.Mask(x, firstStep) : null;

    private void RequireState(RecurrentState s)
    {
        ArgumentNullException.ThrowIfNull(s);
        if (s.Layers.Count != Layers.Count)
            throw new ArgumentException($"the state has {s.Layers.Count} layers, the stack {Layers.Count}", nameof(s));
    }
}
