using System.Globalization;
using RnnLab.Kernels.Memory;
using RnnLab.Recurrence;

namespace RnnLab.Experiments;

/// <summary>A part of the memory that a training takes.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Bytes">How much. Floating point, since the largest sizes that a config may name multiply to more than 64 bits.</param>
public sealed record MemoryPart(string Name, double Bytes);

/// <summary>
/// The memory that one update of a config's training takes on its device, reckoned before anything is made: the sum of all that may be in use at once. What the
/// program and the text take comes on top; evaluation takes less unless its batch is much larger.
/// <para>For T = k2 steps, a batch of B, a vocabulary of V, and layers of H units, G gates, I inputs and O outputs (H, or proj_size), in numbers of 4 or 8 bytes:</para>
/// <code>
/// parameters     each layer G·H·(I + O), biases 2·G·H, projection H·O; embedding V·I; logits V·O + V. Gradients as many, the optimiser's state 0 to 3 times as many
/// tape, fused    T·B·(S·H' + v) + (T + 1)·B·O' for h, and (T + 1)·B·H' for an LSTM's c: S slots (RNN 1, GRU and LSTM 4, LSTM of three gates 3, projected 5), H' and O' in whole vectors of v
/// tape, readable T·B·H times 1 (RNN), 5 (GRU), 7 (LSTM); with a projection O more; other cells: what their functions save and the states
/// bounded tape   with tape_memory: of the steps of one part, as above, and the saved states of 1 (h) or 2 (h, c) times B·H numbers each
/// packed weights W_ih and W_hh, by themselves in the forward pass; in the backward pass with 256 rows (or up to twice that) of inputs, states and gates for each
///                thread, and gradients of the weights for each group of rows but one. The larger pass of the larger layer
/// workspace      where a pass is not fused: backward, ∂a and ∂q of some steps (1024 rows) twice, one by one, then as rows, and the states' gradients
/// outputs        T·B·(I of the lowest layer + O of every layer); their gradients T·B·(O of the top one + I of every layer); dropout a mask and a product more between layers
/// logits         k1·B·V twice, softmax and gradient; three times in the readable form
/// </code>
/// </summary>
public sealed class MemoryEstimate
{
    private const int PartsOfParameters = 3;

    private MemoryEstimate(IReadOnlyList<MemoryPart> parts) => Parts = parts;

    /// <summary>The parts: first those that the parameters bring with them.</summary>
    public IReadOnlyList<MemoryPart> Parts { get; }

    /// <summary>All together.</summary>
    public double Total => Parts.Sum(part => part.Bytes);

    /// <summary>Bytes that the process can still take.</summary>
    public static double AtHand => AvailableMemory.Bytes();

    /// <summary>The estimate for a config.</summary>
    /// <param name="config">The config.</param>
    /// <param name="vocabularySize">V, of the config's text.</param>
    public static MemoryEstimate Of(ExperimentConfig config, int vocabularySize)
    {
        ArgumentNullException.ThrowIfNull(config);
        LayerMemory.RequireTape(config);
        var (m, t) = ((LanguageModelConfig)config.Model, config.Training);
        var r = m.Recurrence;
        var cell = r.NewCell();
        double rows = (double)t.K2 * t.BatchSize, bytes = BytesOfNumber(config), V = vocabularySize, O = cell.OutputSize;
        var parameters = ModelSize.Parameters(config, vocabularySize).Sum(n => (double)n);
        var layers = Enumerable.Range(0, r.NumLayers).Select(k => LayerMemory.Of(config, (int)m.InputSize(k, vocabularySize))).ToArray();
        var form = layers[0].IsFused ? "fused" : "readable";
        var (inputs, between, dropped) = (m.EmbeddingSize ?? V, (r.NumLayers - 1) * O, r.Stack.Dropout > 0 ? (r.NumLayers - 1) * O : 0);
        // Connections between layers make a sum or joined inputs of each, and of the output.
        var joined = r.Stack.Connection == StackConnection.None ? 0 : Enumerable.Range(1, r.NumLayers - 1).Sum(k => (double)m.InputSize(k, vocabularySize)) + m.OutputSize;
        // Where only the last k1 of k2 steps are scored, their gradient is put behind zeros.
        var top = t.K2 > t.K1 ? 2 * O : O;
        var logits = config.Device == "cpu" && config.Kernel == Kernel.Fast ? 2 : 3;

        List<MemoryPart> parts =
        [
            new("parameters", parameters * bytes),
            new("gradients", parameters * bytes),
            new($"optimiser state ({t.Optimizer.Name})", t.Optimizer.StateTensors * parameters * bytes),
            .. layers.Select((layer, k) => new MemoryPart($"tape of layer {k}, {form}", layer.Tape * bytes)),
            new(layers[0].IsFused ? "packed weights" : "workspace of a layer", layers.Max(layer => layer.Workspace) * bytes),
            .. r.Stack.Regularization.WeightDrop > 0 ? [new MemoryPart("weight drop", 3 * layers.Length * (double)cell.Gates * cell.HiddenSize * O * bytes)] : Array.Empty<MemoryPart>(),
            new("outputs of all layers", rows * (inputs + between + O + 2 * dropped + joined) * bytes),
            new("their gradients", rows * (top + inputs + between + dropped + joined) * bytes),
            new("logits and their gradient", logits * (double)t.K1 * t.BatchSize * V * bytes),
        ];
        return new(parts);
    }

    /// <summary>Requires a training to fit into the memory at hand; a CUDA device's is not asked for.</summary>
    /// <exception cref="UserException">It does not; names the keys to lower.</exception>
    internal static void RequireFits(ExperimentConfig config, int vocabularySize)
    {
        if (config.Device != "cpu")
            return;
        var estimate = Of(config, vocabularySize);
        Require("the parameters, their gradients and the optimiser's state need", estimate.Parts.Take(PartsOfParameters).Sum(part => part.Bytes), ModelSize.HowToShrink(config));
        var t = config.Training;
        var steps = t.K2 > t.K1 ? $"training.k2 ({t.K2}), training.k1 ({t.K1})" : $"training.k1 ({t.K1})";
        Require("this training needs", estimate.Total, $"lower {steps}, training.batch_size ({t.BatchSize}) or model.hidden_size ({config.Model.Recurrence!.HiddenSize}); rnnlab inspect memory CONFIG tells what takes how much");
    }

    /// <exception cref="UserException">So many bytes are not at hand.</exception>
    internal static void Require(string what, double bytes, string advice)
    {
        // Small requests are not worth the question.
        if (bytes >= 64 << 20 && AtHand is var atHand && bytes > atHand)
            throw new UserException(string.Create(CultureInfo.InvariantCulture, $"{what} about {bytes / 1e9:n1} GB of memory and {atHand / 1e9:n1} GB are at hand: {advice}"));
    }

    internal static int BytesOfNumber(ExperimentConfig config) => config.Dtype == "float64" ? sizeof(double) : sizeof(float);
}
