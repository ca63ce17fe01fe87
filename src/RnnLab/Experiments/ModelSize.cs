using RnnLab.Cells;
using RnnLab.Recurrence;

namespace RnnLab.Experiments;

/// <summary>The parameters of a model, reckoned before anything is made.</summary>
internal static class ModelSize
{
    /// <summary>The numbers in each parameter of the config's model, the same as the model's own would be.</summary>
    public static IReadOnlyList<long> Parameters(ExperimentConfig config, long vocabularySize)
    {
        var m = (LanguageModelConfig)config.Model;
        var cell = m.Recurrence.NewCell();
        var sizes = new List<long> { vocabularySize * m.OutputSize, vocabularySize };
        if (m.EmbeddingSize is { } width)
            sizes.Add(vocabularySize * width);
        for (var k = 0; k < m.Recurrence.NumLayers; k++)
            sizes.AddRange(Layer(cell, m.InputSize(k, vocabularySize), m.Recurrence.Bias));
        return sizes;
    }

    /// <summary>The numbers in each parameter of one layer.</summary>
    public static IEnumerable<long> Layer(Cell cell, long inputSize, bool bias)
        => RecurrentParameters.Shapes(cell, inputSize, bias).Select(p => p.Shape.Aggregate(1L, (product, n) => product * n));

    /// <summary>Requires room for the parameters alone, as for a model that is evaluated; drawing the largest takes two of its size in float64 besides.</summary>
    /// <exception cref="UserException">One is longer than an array can be, or all of them are more than the memory at hand.</exception>
    public static void RequireFits(ExperimentConfig config, int vocabularySize)
    {
        var sizes = Parameters(config, vocabularySize);
        if (sizes.Max() > Array.MaxLength)
            throw new UserException($"a parameter of the model has {sizes.Max():n0} numbers, the most is {Array.MaxLength:n0}: {HowToShrink(config)}");
        MemoryEstimate.Require("the model's parameters need", sizes.Sum(n => (double)n) * MemoryEstimate.BytesOfNumber(config) + sizes.Max() * 16.0, HowToShrink(config));
    }

    /// <summary>The keys that make the parameters fewer, as the end of a message.</summary>
    public static string HowToShrink(ExperimentConfig config)
        => $"lower model.hidden_size ({config.Model.Recurrence!.HiddenSize}) or model.num_layers ({config.Model.Recurrence!.NumLayers}); rnnlab inspect memory CONFIG tells what takes how much";
}
