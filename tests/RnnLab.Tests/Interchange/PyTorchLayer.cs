using RnnLab.Cells;
using RnnLab.Interchange;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Training.Safetensors;

namespace RnnLab.Tests.Interchange;

/// <summary>
/// A file of pytorch_layers.py: a layer of PyTorch's, what went in, and what came out. Its tensors live in the caller's dispose scope.
/// </summary>
internal sealed class PyTorchLayer
{
    private const string Prefix = "rnn.";

    private readonly string _path;
    private readonly Dictionary<string, Tensor> _tensors;

    public PyTorchLayer(string path)
    {
        _path = path;
        var file = SafetensorsFile.Read(path);
        (Settings, _tensors) = (file.Metadata, file.Entries.ToDictionary(entry => entry.Name, SafetensorsTensors.ToTensor));
        Expected = _tensors.Where(p => p.Key is "y" or "h_T" or "c_T" || p.Key.StartsWith("grad.", StringComparison.Ordinal)).ToDictionary();
    }

    /// <summary>A file that is part of the repository.</summary>
    public static PyTorchLayer Committed(string name) => new(Path.Combine(AppContext.BaseDirectory, "Fixtures", $"{name}.safetensors"));

    /// <summary>The arguments of PyTorch's module.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>PyTorch's y, h_T and c_T, and its gradients.</summary>
    public Dictionary<string, Tensor> Expected { get; }

    public Tensor X => _tensors["x"];

    public Tensor H0 => _tensors["h0"];

    public Tensor? C0 => _tensors.GetValueOrDefault("c0");

    private int Layers => Number("num_layers");

    private bool Bidirectional => Settings.GetValueOrDefault("bidirectional") == "True";

    /// <summary>A stack of the same kind and sizes, with weights of its own.</summary>
    public RecurrentStack NewStack()
    {
        var H = Number("hidden_size");
        Func<Cell> cell = Settings["module"] switch
        {
            "LSTM" => () => new LstmCell(H, Number("proj_size")),
            "GRU" => () => new GruCell(H),
            _ => () => new RnnCell(H, Settings.GetValueOrDefault("nonlinearity") == "relu" ? Nonlinearity.Relu : Nonlinearity.Tanh),
        };
        return RecurrentStack.Create(
            cell, Number("input_size"), Layers, bias: Settings.GetValueOrDefault("bias") != "False", bidirectional: Bidirectional, dtype: X.dtype);
    }

    /// <summary>What a stack of RnnLab's makes of the same weights and inputs.</summary>
    public Dictionary<string, Tensor> ByHand(Kernel kernel = Kernel.Fast)
    {
        using var rnn = NewStack();
        foreach (var layer in rnn.Layers)
            layer.Kernel = kernel;
        ModuleWeights.Load(rnn, _path, filePrefix: Prefix);
        using var tape = new StackTape();
        var lengths = _tensors.TryGetValue("lengths", out var given) ? SequenceLengths.Of([.. given.data<long>()]) : null;
        var (y, sT) = rnn.Forward(X, State(H0, C0), tape, new SequenceOptions { Lengths = lengths });
        var (dx, ds0) = rnn.Backward(tape, _tensors["r_y"], State(_tensors["r_h"], _tensors.GetValueOrDefault("r_c")));
        return Results(y, Stacked(sT, s => s.H), C0 is null ? null : Stacked(sT, s => s.C!), dx, Stacked(ds0, s => s.H), C0 is null ? null : Stacked(ds0, s => s.C!),
            rnn.named_parameters().Select(p => (p.name, Gradients.Of(p.parameter).clone())));
    }

    private Dictionary<string, Tensor> Results(
        Tensor y, Tensor hT, Tensor? cT, Tensor dx, Tensor dh0, Tensor? dc0, IEnumerable<(string Name, Tensor Gradient)> parameters)
    {
        var all = new Dictionary<string, Tensor> { ["y"] = y, ["h_T"] = hT, ["grad.x"] = dx, ["grad.h0"] = dh0 };
        if (cT is not null)
            (all["c_T"], all["grad.c0"]) = (cT, dc0!);
        foreach (var (name, gradient) in parameters)
            all[$"grad.{Prefix}{name}"] = gradient;
        return all;
    }

    /// <summary>The layers' states from PyTorch's form, (num_layers, B, H).</summary>
    public static RecurrentState State(Tensor h, Tensor? c) => new([.. Enumerable.Range(0, (int)h.shape[0]).Select(k => new CellState(h.select(0, k), c?.select(0, k)))]);

    /// <summary>One of the layers' states in PyTorch's form.</summary>
    public static Tensor Stacked(RecurrentState s, Func<CellState, Tensor> part) => stack(s.Layers.Select(part));

    private int Number(string name) => int.Parse(Settings.GetValueOrDefault(name, "0"));
}
