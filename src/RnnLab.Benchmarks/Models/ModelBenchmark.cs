using RnnLab.Benchmarks.PeerProcesses;

namespace RnnLab.Benchmarks.Models;

/// <summary>Measures the training of whole character models, ours against PyTorch's.</summary>
internal sealed class ModelBenchmark(BenchmarkSettings settings, PeerPrograms peers)
{
    public ModelRow Measure(string cell, ModelShape shape)
    {
        using var model = new CharacterModel(cell, shape);
        var measurement = new Measurement(settings.BlockSeconds, settings.WarmUpSeconds, settings.LeadInSeconds, () => { });
        var ours = Measurement.Clocked(model.Train, TimeProvider.System);
        var comparison = peers.PyTorch.Try(peer =>
        {
            peer.Prepare($"{cell} {shape.Layers} {shape.H} {shape.B} {shape.T} {CharacterModel.VocabularySize} {CharacterModel.EmbeddingSize}");
            return measurement.Compare(ours, peer.Timed("train"), settings.Pairs);
        });
        var characters = (double)shape.B * shape.T;
        return new(cell, shape.Layers, shape.H, shape.B, shape.T)
        {
            Threads = settings.Threads,
            CharactersPerSecond = characters / (comparison?.OursSeconds ?? measurement.Alone(ours, settings.Pairs)),
            CharactersPerSecondPytorch = characters / comparison?.PeerSeconds,
            RatioModelPytorch = comparison?.Ratio,
        };
    }
}
