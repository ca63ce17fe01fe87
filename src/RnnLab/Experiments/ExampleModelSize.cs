using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>The parameters of models of tasks with examples, reckoned before anything is made.</summary>
internal static class ExampleModelSize
{
    /// <summary>Requires room for the parameters, their gradients and the optimiser's state; tapes and batches come on top.</summary>
    /// <exception cref="UserException">A parameter is longer than an array can be, or all of them are more than the memory at hand.</exception>
    public static void RequireFits(ExperimentConfig config, TaskShape shape)
    {
        var sizes = Sizes(config, shape).ToArray();
        const string HowToShrink = "lower model.hidden_size or model.num_layers";
        if (sizes.Max() > Array.MaxLength)
            throw new UserException($"a parameter of the model has {sizes.Max():n0} numbers, the most is {Array.MaxLength:n0}: {HowToShrink}");
        var copies = 2 + config.Training.Optimizer.StateTensors;
        if (config.Device == "cpu")
            MemoryEstimate.Require("the parameters, their gradients and the optimiser's state need", copies * sizes.Sum() * MemoryEstimate.BytesOfNumber(config), HowToShrink);
    }

    /// <summary>The numbers in the large parameters: those of the recurrence or the hidden layers, the embeddings and the head.</summary>
    private static IEnumerable<double> Sizes(ExperimentConfig config, TaskShape shape)
    {
        double V = shape.Input.Size, K = shape.Target.Size;
        switch (config.Model)
        {
            case SequenceModelConfig { Recurrence: { } r } m:
                return [V * (m.EmbeddingSize ?? 0), .. Stack(r, m.EmbeddingSize ?? V, r.NumLayers, m.Bidirectional), K * r.HiddenSize];
            case SequenceModelConfig m:
                double H = m.HiddenSize, x = (m.EmbeddingSize ?? V) * (m.WindowSize ?? 1), T = m.MaxLength ?? 1;
                return [V * (m.EmbeddingSize ?? 0), T * H * x, T * H * H * Math.Max(m.MaxLength is null ? 0 : 1, m.NumLayers - 1), K * H];
            case EncoderDecoderConfig m:
                var (own, directions) = (m.Recurrence, m.Bidirectional ? 2 : 1);
                return
                [
                    (V + K) * (m.EmbeddingSize ?? 0), .. Stack(own, m.EmbeddingSize ?? V, m.EncoderLayers, m.Bidirectional),
                    .. Stack(own, (m.EmbeddingSize ?? K) + directions * own.HiddenSize, own.NumLayers, bidirectional: false), K * own.HiddenSize,
                ];
            default:
                throw new NotSupportedException($"{config.Model.Name} is no model of examples");
        }
    }

    private static IEnumerable<double> Stack(RecurrenceConfig recurrence, double input, int layers, bool bidirectional)
    {
        var cell = recurrence.NewCell();
        var directions = bidirectional ? 2 : 1;
        for (var k = 0; k < layers; k++)
            foreach (var size in ModelSize.Layer(cell, (long)(k == 0 ? input : Above(cell, input, directions, recurrence.Stack.Connection)), recurrence.Bias))
                for (var d = 0; d < directions; d++)
                    yield return size;
    }

    private static double Above(Cell cell, double input, int directions, StackConnection connection)
        => directions * cell.OutputSize + (connection == StackConnection.Skip ? input : 0);
}
