using RnnLab.Cells;

namespace RnnLab.Benchmarks.Layers;

/// <summary>The cells that all sides of the comparisons know, by name.</summary>
internal static class BuiltInCell
{
    public static Cell Create(string name, long hiddenSize) => name switch
    {
        "rnn" => new RnnCell(hiddenSize),
        "lstm" => new LstmCell(hiddenSize),
        "gru" => new GruCell(hiddenSize),
        _ => throw new ArgumentException($"no cell is called {name}", nameof(name)),
    };
}
