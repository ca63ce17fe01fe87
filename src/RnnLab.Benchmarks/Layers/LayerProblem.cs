using RnnLab.Cells;
using RnnLab.Randomness;
using RnnLab.Recurrence;

namespace RnnLab.Benchmarks.Layers;

/// <summary>
/// One layer with its input, initial state and output gradient, and what RnnLab does with it. A training step is the forward pass and the
/// backward pass to all parameters, the input and the initial state, for a given ∂L/∂output; there is no loss and no optimiser in it.
/// </summary>
internal sealed class LayerProblem : IDisposable
{
    private readonly RecurrentLayer _readable;
    private readonly Tensor _leafX;
    private readonly CellState _leafS0;

    public LayerProblem(string cell, LayerShape shape, ScalarType dtype, Device? device = null)
    {
        using var scope = NewDisposeScope();
        var (T, B, H) = (shape.T, shape.B, shape.H);
        var made = BuiltInCell.Create(cell, H);
        Parameters = RecurrentParameters.Create(made, H, "l0", Initialization.PyTorch, seed: 1, dtype: dtype, device: device);
        Layer = new(made, Parameters) { Kernel = Kernel.Fast };
        _readable = new(made, Parameters) { Kernel = Kernel.Reference };
        X = Draw("x", T, B, H);
        S0 = new(Draw("h0", B, H), made.HasCellState ? Draw("c0", B, H) : null);
        DOutput = Draw("dy", T, B, H);
        _leafX = Leaf(X);
        _leafS0 = S0.Map(Leaf);

        Tensor Draw(string name, params long[] size) => new RandomStream(1, $"bench/{name}").Uniform(size, -1, 1).to(dtype).to(device ?? CPU).DetachFromDisposeScope();
    }

    public RecurrentLayer Layer { get; }

    public RecurrentParameters Parameters { get; }

    /// <summary>(T, B, I).</summary>
    public Tensor X { get; }

    public CellState S0 { get; }

    /// <summary>∂L/∂output, (T, B, H).</summary>
    public Tensor DOutput { get; }

    /// <summary>The forward pass that records nothing.</summary>
    public void Forward() => Forward(Layer, record: false);

    /// <summary>The forward pass of a training step, with its tape.</summary>
    public void RecordedForward() => Forward(Layer, record: true);

    /// <summary>A training step.</summary>
    public void Train() => Train(Layer, TapeMemory.Full);

    /// <summary>A training step whose tape keeps what it is told to.</summary>
    public void Train(TapeMemory memory) => Train(Layer, memory);

    /// <summary>The forward pass in the readable form.</summary>
    public void ReadableForward() => Forward(_readable, record: false);

    /// <summary>A training step in the readable form.</summary>
    public void ReadableTrain() => Train(_readable, TapeMemory.Full);

    /// <summary>The readable form's forward pass in an autograd graph.</summary>
    public void AutogradForward()
    {
        using var scope = NewDisposeScope();
        AutogradUnroll.Forward(_readable, _leafX, _leafS0);
    }

    /// <summary>A training step of autograd over the readable form.</summary>
    public void AutogradTrain()
    {
        using var scope = NewDisposeScope();
        var (y, _) = AutogradUnroll.Forward(_readable, _leafX, _leafS0);
        var inputs = Parameters.Named(Layer.Cell, "l0").Select(p => (Tensor)p.Parameter).Append(_leafX).Append(_leafS0.H).ToList();
        if (_leafS0.C is { } c0)
            inputs.Add(c0);
        autograd.grad([y], inputs, [DOutput]);
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[X, DOutput, _leafX])
            tensor.Dispose();
        S0.Dispose();
        _leafS0.Dispose();
        foreach (var (_, parameter) in Parameters.Named(Layer.Cell, "l0"))
            parameter.Dispose();
    }

    private void Forward(RecurrentLayer layer, bool record)
    {
        using var scope = NewDisposeScope();
        using var tape = record ? new Tape() : null;
        layer.Forward(X, S0, tape);
    }

    // Gradients add up in .grad over the repeats: clearing them belongs to a step's optimiser.
    private void Train(RecurrentLayer layer, TapeMemory memory)
    {
        using var scope = NewDisposeScope();
        using var tape = new Tape(memory);
        layer.Forward(X, S0, tape);
        layer.Backward(tape, DOutput);
    }

    internal static Tensor Leaf(Tensor x) => x.clone().requires_grad_().DetachFromDisposeScope();
}
