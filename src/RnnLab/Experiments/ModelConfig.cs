using RnnLab.Cells;
using RnnLab.Experiments.Configuration;
using RnnLab.Recurrence;

namespace RnnLab.Experiments;

/// <summary>The <c>model</c> section.</summary>
/// <param name="Cell">rnn, lstm or gru.</param>
/// <param name="Nonlinearity">Of the rnn: tanh or relu.</param>
/// <param name="HiddenSize">H of every layer.</param>
/// <param name="ProjSize">P of the projected lstm; 0 for none.</param>
/// <param name="NumLayers">Layers.</param>
/// <param name="Bias">Whether the recurrence has biases.</param>
/// <param name="Dropout">Between layers.</param>
/// <param name="EmbeddingSize">Width of the embedding; null for one-hot input.</param>
/// <param name="Initialization">How parameters start.</param>
public sealed record ModelConfig(
    string Cell, Nonlinearity Nonlinearity, int HiddenSize, int ProjSize, int NumLayers, bool Bias, double Dropout, int? EmbeddingSize,
    Initialization Initialization)
{
    /// <summary>A cell of this kind and size.</summary>
    public Cell NewCell() => Cell switch
    {
        "rnn" => new RnnCell(HiddenSize, Nonlinearity),
        "gru" => new GruCell(HiddenSize),
        _ => new LstmCell(HiddenSize, ProjSize),
    };

    internal static ModelConfig Read(ConfigSection section)
    {
        var cell = section.Choice("cell", "lstm", "rnn", "lstm", "gru");
        var relu = cell == "rnn" && section.Choice("nonlinearity", "tanh", "tanh", "relu") == "relu";
        var hidden = section.Integer("hidden_size", 128, min: 1, max: 65536);
        var projection = cell == "lstm" ? section.Integer("proj_size", 0, min: 0, max: hidden - 1) : 0;
        var oneHot = section.Choice("input", "embedding", "embedding", "one_hot") == "one_hot";
        var init = section.Section("init");
        return new(
            cell, relu ? Nonlinearity.Relu : Nonlinearity.Tanh, hidden, projection,
            section.Integer("num_layers", 1, min: 1, max: 1024),
            section.Flag("bias", true),
            section.Number("dropout", 0, min: 0, below: 1),
            oneHot ? null : section.Integer("embedding_size", 64, min: 1, max: 65536),
            new Initialization
            {
                Range = init.OptionalNumber("range", above: 0, max: TrainingConfig.Largest),
                OrthogonalRecurrent = init.Choice("recurrent", "uniform", "uniform", "orthogonal") == "orthogonal",
                ForgetBias = cell == "lstm" ? init.OptionalNumber("forget_bias", min: -TrainingConfig.Largest, max: TrainingConfig.Largest) : null,
            });
    }

    internal ConfigTree ToTree()
    {
        var tree = new ConfigTree { { "cell", Cell } };
        if (Cell == "rnn")
            tree.Add("nonlinearity", Nonlinearity == Nonlinearity.Relu ? "relu" : "tanh");
        tree.Add("hidden_size", HiddenSize);
        if (Cell == "lstm")
            tree.Add("proj_size", ProjSize);
        tree.Add("num_layers", NumLayers);
        tree.Add("bias", Bias);
        tree.Add("dropout", Dropout);
        tree.Add("input", EmbeddingSize is null ? "one_hot" : "embedding");
        if (EmbeddingSize is not null)
            tree.Add("embedding_size", EmbeddingSize);
        var init = new ConfigTree { { "range", Initialization.Range }, { "recurrent", Initialization.OrthogonalRecurrent ? "orthogonal" : "uniform" } };
        if (Cell == "lstm")
            init.Add("forget_bias", Initialization.ForgetBias);
        tree.Add("init", init);
        return tree;
    }
}
