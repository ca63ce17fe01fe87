using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence;

/// <summary>
/// Layers of recurrence, each fed with the outputs of the level below, with dropout between them in training: x → level 0 → dropout →
/// level 1 → … → output. A level is one layer, or two in opposite directions (Schuster and Paliwal 1997) whose outputs stand side by side, (T, B, 2H).
/// Parameters have the names that torch.nn.LSTM gives them: weight_ih_l0, weight_hh_l0, …, weight_ih_l0_reverse, …
/// </summary>
public sealed partial class RecurrentStack : PlacedModule
{
    private readonly Dropout?[] _dropouts;

    /// <summary>A stack over the given layers.</summary>
    /// <param name="layers">From the lowest up, at least one; for a bidirectional stack at each level one that runs forward, then one that runs in reverse.</param>
    /// <param name="dropout">Probability of dropping an output of a level on its way to the next.</param>
    /// <param name="seed">The seed of the dropout masks.</param>
    /// <param name="connection">What else goes from level to level.</param>
    /// <param name="lockedDropout">Whether dropout has one mask for all steps of a call (locked or variational dropout, Gal and Ghahramani 2016) or a new one at each.</param>
    /// <exception cref="ArgumentOutOfRangeException">The dropout is outside [0, 1).</exception>
    /// <exception cref="ArgumentException">There is no layer, their directions do not alternate as they should, or one's input is not as wide as what comes from below.</exception>
    public RecurrentStack(
        IReadOnlyList<RecurrentLayer> layers, double dropout = 0, ulong seed = 0, StackConnection connection = StackConnection.None, bool lockedDropout = false)
        : base("rnn")
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
            throw new ArgumentException("a stack needs a layer", nameof(layers));
        if (!(dropout >= 0 && dropout < 1))
            throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "dropout must be in [0, 1)");
        (Layers, Connection, LockedDropout) = (layers, connection, lockedDropout);
        Directions = layers.Any(layer => layer.Reverse) ? 2 : 1;
        if (Directions == 2 && (layers.Count % 2 != 0 || layers.Where((layer, k) => layer.Reverse != (k % 2 == 1)).Any()))
            throw new ArgumentException("a stack has forward layers only, or at each level a forward layer and then a reverse one", nameof(layers));
        for (var k = 0; k < layers.Count; k++)
            if (layers[k].InputSize != InputSizeOf(k / Directions))
                throw new ArgumentException($"layer {k} takes inputs of {layers[k].InputSize}, from below come {InputSizeOf(k / Directions)}", nameof(layers));
        if (connection == StackConnection.Residual && Enumerable.Range(0, Levels).Any(k => WidthOf(k) != WidthOf(0)))
            throw new ArgumentException("residual connections need outputs of one width at all levels", nameof(layers));
        _dropouts = [.. Enumerable.Range(0, Levels).Select(k => k > 0 && dropout > 0 ? new Dropout(dropout, seed, $"dropout/l{k}", lockedDropout) : null)];
        for (var k = 0; k < layers.Count; k++)
            foreach (var (name, parameter) in layers[k].Parameters.Named(layers[k].Cell, NameOf(k / Directions, k % Directions == 1)))
                register_parameter(name, parameter);
    }

    /// <summary>The layers from the lowest up, both directions of a level side by side.</summary>
    public IReadOnlyList<RecurrentLayer> Layers { get; }

    /// <summary>2 for a bidirectional stack, else 1.</summary>
    public int Directions { get; }

    /// <summary>Levels: PyTorch's num_layers.</summary>
    public int Levels => Layers.Count / Directions;

    /// <summary>What goes from level to level.</summary>
    public StackConnection Connection { get; }

    /// <summary>Whether dropout has one mask for all steps of a call.</summary>
    internal bool LockedDropout { get; }

    /// <summary>I, the size of x_t.</summary>
    public long InputSize => Layers[0].InputSize;

    /// <summary>The last dimension of the output.</summary>
    public long OutputSize => Connection == StackConnection.Skip ? Enumerable.Range(0, Levels).Sum(WidthOf) : WidthOf(Levels - 1);

    /// <summary>Builds <paramref name="numLayers"/> levels of one kind of cell.</summary>
    /// <param name="cell">Makes a layer's cell.</param>
    /// <param name="inputSize">I of the lowest level.</param>
    /// <param name="numLayers">The number of levels.</param>
    /// <param name="dropout">Dropout between levels.</param>
    /// <param name="initialization">How parameters start; PyTorch's way by default.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="device">Where the parameters live.</param>
    /// <param name="bidirectional">Whether each level has a layer in reverse too.</param>
    /// <param name="regularization">What acts on every layer's recurrence in training.</param>
    /// <param name="connection">What goes from level to level beside the outputs.</param>
    /// <param name="lockedDropout">Whether dropout has one mask for all steps of a call.</param>
    public static RecurrentStack Create(
        Func<Cell> cell, long inputSize, int numLayers = 1, double dropout = 0, Initialization? initialization = null, ulong seed = 0,
        bool bias = true, ScalarType dtype = ScalarType.Float32, Device? device = null, bool bidirectional = false, RecurrentRegularization? regularization = null,
        StackConnection connection = StackConnection.None, bool lockedDropout = false)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numLayers);
        var layers = new List<RecurrentLayer>();
        for (var k = 0; k < numLayers; k++)
        {
            var below = layers.TakeLast(bidirectional ? 2 : 1).Sum(layer => layer.Cell.OutputSize);
            var width = k == 0 ? inputSize : connection == StackConnection.Skip ? below + inputSize : below;
            foreach (var reverse in bidirectional ? new[] { false, true } : [false])
            {
                var (made, name) = (cell(), NameOf(k, reverse));
                var parameters = RecurrentParameters.Create(made, width, name, initialization ?? Initialization.PyTorch, seed, bias, dtype, device);
                layers.Add(new(made, parameters, reverse, regularization, seed, name));
            }
        }
        return new(layers, dropout, seed, connection, lockedDropout);
    }

    /// <summary>A state of zeros for a batch of B.</summary>
    public RecurrentState ZeroState(long batch) => new([.. Layers.Select(layer => layer.ZeroState(batch))]);

    /// <summary>All levels over sequences.</summary>
    /// <param name="x">Inputs, (T, B, I).</param>
    /// <param name="s0">The layers' states before them.</param>
    /// <param name="tape">An empty tape to record on, or null.</param>
    /// <param name="options">Lengths and the number of the first time step; masks are drawn when the module is in training mode, whatever they say.</param>
    /// <returns>The outputs (T, B, <see cref="OutputSize"/>), 0 beyond a sequence's end, and the layers' final states.</returns>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit, the lengths do not, or the tape is not empty.</exception>
    public (Tensor Output, RecurrentState State) Forward(Tensor x, RecurrentState s0, StackTape? tape = null, SequenceOptions? options = null)
    {
        RequireState(s0);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        Layers[0].RequireInput(x, 3, "(T, B, I)");
        for (var k = 0; k < Layers.Count; k++)
            Layers[k].RequireState(s0.Layers[k], x.shape[1]);
        options ??= SequenceOptions.Default;
        var rows = BatchRows.Of(x, options.Lengths);
        var (y, state) = ForwardRows(rows.ToRows(x), rows, s0.Map(rows.ToRowOrder), tape, options.FirstStep);
        return (rows.ToPadded(y).MoveToOuterDisposeScope(), state.Map(s => rows.ToBatchOrder(s).MoveToOuterDisposeScope()));
    }

    /// <summary>The adjoint of <see cref="Forward"/>: adds the gradients of all parameters, and uses the tape up.</summary>
    /// <param name="tape">The forward call's tape.</param>
    /// <param name="dOutput">∂L/∂output, (T, B, <see cref="OutputSize"/>).</param>
    /// <param name="dsT">∂L/∂ of the final states, or null.</param>
    /// <returns>∂L/∂x (T, B, I) and ∂L/∂s_0 of every layer.</returns>
    /// <exception cref="InvalidOperationException">The tape is empty or used up.</exception>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit the tape's, or another stack recorded it.</exception>
    public (Tensor Dx, RecurrentState Ds0) Backward(StackTape tape, Tensor dOutput, RecurrentState? dsT = null)
    {
        var (dx, ds0) = GoBack(tape, dOutput, dsT, wantDx: true);
        return (dx!, ds0);
    }

    /// <summary>The same without ∂L/∂x, for inputs that are data.</summary>
    /// <returns>∂L/∂s_0 of every layer.</returns>
    public RecurrentState BackwardToParameters(StackTape tape, Tensor dOutput, RecurrentState? dsT = null) => GoBack(tape, dOutput, dsT, wantDx: false).Ds0;

    /// <summary>One step of all levels, without masks, recording nothing: for sampling.</summary>
    /// <param name="x">x_t, (B, I).</param>
    /// <param name="s">The layers' states before it.</param>
    /// <exception cref="InvalidOperationException">The stack is bidirectional.</exception>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit.</exception>
    public (Tensor Output, RecurrentState State) Step(Tensor x, RecurrentState s)
    {
        using var steps = new StackSteps(this, s, record: false, firstStep: 0, training: false);
        return (steps.Step(x), steps.State.Map(own => own.clone()));
    }

    /// <summary>Starts single steps; with the masks of <see cref="Forward"/> over the same steps when the module is in training mode.</summary>
    /// <param name="s0">The layers' states before them.</param>
    /// <param name="record">Whether there is to be a backward.</param>
    /// <param name="firstStep">The number of the first time step, on which masks depend.</param>
    /// <exception cref="InvalidOperationException">The stack is bidirectional.</exception>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit.</exception>
    public StackSteps BeginSteps(RecurrentState s0, bool record, long firstStep = 0) => new(this, s0, record, firstStep, training);

    /// <summary><see cref="Forward"/> over rows (N, I), step after step, and states in their order.</summary>
    internal (Tensor Output, RecurrentState State) ForwardRows(Tensor x, BatchRows rows, RecurrentState s0, StackTape? tape, long firstStep)
    {
        tape?.Start(rows);
        var states = new CellState[Layers.Count];
        return (ThroughLevels(x, Mask, Level), new(states));

        Tensor? Mask(int k, Tensor u)
        {
            var mask = DropoutMask(k, u, rows, firstStep);
            if (mask is not null)
                tape?.AddMask(k, mask);
            return mask;
        }

        Tensor Level(int k, Tensor u)
        {
            var h = new Tensor[Directions];
            for (var d = 0; d < Directions; d++)
            {
                var layer = k * Directions + d;
                (h[d], states[layer]) = Layers[layer].ForwardRows(u, rows, s0.Layers[layer], tape?.Layer(layer), training, firstStep);
            }
            return Joined(h);
        }
    }

    /// <summary>The adjoint of <see cref="ForwardRows"/>.</summary>
    internal (Tensor? Dx, RecurrentState Ds0) GoBackRows(StackTape tape, Tensor dOutput, RecurrentState? dsT, bool wantDx)
    {
        var ds0 = new CellState[Layers.Count];
        var dx = BackThroughLevels(dOutput, tape.Mask, Level, wantDx);
        tape.Dispose();
        return (dx, new(ds0));

        Tensor? Level(int k, Tensor dy)
        {
            Tensor? du = null;
            for (var d = 0; d < Directions; d++)
            {
                var layer = k * Directions + d;
                var width = Layers[layer].Cell.OutputSize;
                var dh = Directions == 1 ? dy : Part(dy, d * Layers[k * Directions].Cell.OutputSize, width);
                var (part, ds) = Layers[layer].GoBackRows(tape.Layer(layer), dh, dsT?.Layers[layer], wantDx: k > 0 || wantDx);
                (du, ds0[layer]) = (part is null ? null : Sum(part, du), ds);
            }
            return du;
        }
    }

    private (Tensor? Dx, RecurrentState Ds0) GoBack(StackTape tape, Tensor dOutput, RecurrentState? dsT, bool wantDx)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ArgumentNullException.ThrowIfNull(dOutput);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        tape.Layer(0).RequireRecorded();
        var rows = tape.Rows;
        if (!dOutput.shape.SequenceEqual([rows.PaddedSteps, rows.Steps.B, OutputSize]))
            throw new ArgumentException($"dOutput is {RecurrentLayer.Shape(dOutput)}, the tape's forward gave ({rows.PaddedSteps}, {rows.Steps.B}, {OutputSize})", nameof(dOutput));
        Layers[0].RequireLike(dOutput, nameof(dOutput));
        if (dsT is not null)
        {
            RequireState(dsT);
            for (var k = 0; k < Layers.Count; k++)
                Layers[k].RequireState(dsT.Layers[k], rows.Steps.B);
        }
        var (dx, ds0) = GoBackRows(tape, rows.ToRows(dOutput), dsT?.Map(rows.ToRowOrder), wantDx);
        return (dx is null ? null : rows.ToPadded(dx).MoveToOuterDisposeScope(), ds0.Map(s => rows.ToBatchOrder(s).MoveToOuterDisposeScope()));
    }

    /// <summary>The mask on level k's input in training mode, as rows, or null where nothing is dropped.</summary>
    internal Tensor? DropoutMask(int k, Tensor y, BatchRows rows, long firstStep)
        => training && _dropouts[k] is { } dropout
            ? rows.ToRows(dropout.Mask([rows.PaddedSteps, rows.Steps.B, y.shape[^1]], firstStep, y.dtype, y.device))
            : null;

    /// <summary>Directions side by side.</summary>
    internal static Tensor Joined(Tensor[] directions) => directions.Length == 1 ? directions[0] : cat(directions, directions[0].dim() - 1);

    private static Tensor Part(Tensor rows, long first, long width) => width == rows.shape[1] ? rows : rows.narrow(1, first, width).contiguous();

    private static Tensor Sum(Tensor x, Tensor? y) => y is null ? x : x + y;

    internal static string NameOf(int level, bool reverse) => $"l{level}{(reverse ? "_reverse" : "")}";

    /// <summary>The width of a level's output.</summary>
    private long WidthOf(int level) => Layers.Skip(level * Directions).Take(Directions).Sum(layer => layer.Cell.OutputSize);

    private long InputSizeOf(int level)
        => level == 0 ? InputSize : Connection == StackConnection.Skip ? WidthOf(level - 1) + InputSize : WidthOf(level - 1);

    internal void RequireState(RecurrentState s)
    {
        ArgumentNullException.ThrowIfNull(s);
        if (s.Layers.Count != Layers.Count)
            throw new ArgumentException($"the state has {s.Layers.Count} layers, the stack {Layers.Count}", nameof(s));
    }
}
