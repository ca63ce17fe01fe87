namespace RnnLab.Experiments;

/// <summary>What a model takes, reckoned before anything is made.</summary>
internal static class ModelSize
{
    /// <exception cref="UserException">A tensor is longer than an array can be, or all of them are more than the machine's memory.</exception>
    public static void RequireFits(ExperimentConfig config, int vocabularySize)
    {
        var m = config.Model;
        var cell = m.NewCell();
        var width = m.EmbeddingSize ?? vocabularySize;
        var rows = (long)cell.Gates * cell.HiddenSize;
        // (rows, columns) of every matrix; a bias is a column.
        var tensors = new List<long> { (long)vocabularySize * width, vocabularySize * cell.OutputSize };
        for (var k = 0; k < m.NumLayers; k++)
            tensors.AddRange([rows * (k == 0 ? width : cell.OutputSize), rows * cell.OutputSize, 2 * rows]);

        // Weight, gradient and an optimiser's two tensors; and while the largest is drawn, two of its size in float64 besides.
        var bytes = tensors.Sum(n => (double)n) * 4 * (config.Dtype == "float64" ? 8 : 4) + tensors.Max() * 16.0;
        var memory = (double)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (tensors.Max() > Array.MaxLength || bytes > memory)
            throw new UserException(
                $"the model needs about {bytes / (1 << 30):n1} GiB of memory and {memory / (1 << 30):n1} GiB are there; lower model.hidden_size ({m.HiddenSize}) or model.num_layers ({m.NumLayers})");
    }
}
