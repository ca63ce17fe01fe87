using RnnLab.Modules;

namespace RnnLab.Benchmarks.Modules;

/// <summary>A recurrent module as a network uses it.</summary>
/// <param name="Module">The module.</param>
/// <param name="Output">From inputs (T, B, I) to outputs (T, B, D·H).</param>
internal sealed record Recurrence(nn.Module Module, Func<Tensor, Tensor> Output)
{
    /// <summary>TorchSharp's own module.</summary>
    public static Recurrence TorchSharps(string cell, long inputSize, long hiddenSize, ModuleDepth depth) => cell switch
    {
        "lstm" => Of(nn.LSTM(inputSize, hiddenSize, depth.Layers, bidirectional: depth.Bidirectional)),
        "gru" => Of(nn.GRU(inputSize, hiddenSize, depth.Layers, bidirectional: depth.Bidirectional)),
        _ => Of(nn.RNN(inputSize, hiddenSize, depth.Layers, bidirectional: depth.Bidirectional)),
    };

    /// <summary>RnnLab's in its place.</summary>
    public static Recurrence RnnLabs(string cell, long inputSize, long hiddenSize, ModuleDepth depth) => cell switch
    {
        "lstm" => Of(new LSTM(inputSize, hiddenSize, depth.Layers, bidirectional: depth.Bidirectional)),
        "gru" => Of(new GRU(inputSize, hiddenSize, depth.Layers, bidirectional: depth.Bidirectional)),
        _ => Of(new RNN(inputSize, hiddenSize, depth.Layers, bidirectional: depth.Bidirectional)),
    };

    private static Recurrence Of(nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)> module) => new(module, x => module.call(x, null).Item1);

    private static Recurrence Of(nn.Module<Tensor, Tensor?, (Tensor, Tensor)> module) => new(module, x => module.call(x, null).Item1);
}

/// <summary>How deep a module is.</summary>
/// <param name="Layers">Levels.</param>
/// <param name="Bidirectional">Whether each has both directions.</param>
internal sealed record ModuleDepth(int Layers, bool Bidirectional)
{
    /// <summary>One layer, and two levels in both directions.</summary>
    public static IReadOnlyList<ModuleDepth> All { get; } = [new(1, false), new(2, true)];

    public int Directions => Bidirectional ? 2 : 1;
}
