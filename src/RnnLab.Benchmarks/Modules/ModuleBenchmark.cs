using RnnLab.Benchmarks.Models;

namespace RnnLab.Benchmarks.Modules;

/// <summary>Measures what it brings to put RnnLab's recurrent modules into a training loop that TorchSharp's autograd runs.</summary>
internal sealed class ModuleBenchmark(BenchmarkSettings settings)
{
    private const int ComparedSteps = 10;

    public ModuleRow Measure(string cell, LayerShape shape, ModuleDepth depth)
    {
        using var ours = new TrainingLoop(Recurrence.RnnLabs(cell, CharacterModel.EmbeddingSize, shape.H, depth), shape, depth);
        using var theirs = new TrainingLoop(Recurrence.TorchSharps(cell, CharacterModel.EmbeddingSize, shape.H, depth), shape, depth);
        ours.CopyWeights(theirs);
        var losses = Enumerable.Range(0, ComparedSteps).Select(_ => (Ours: ours.Loss(), Theirs: theirs.Loss())).ToArray();
        var comparison = new Measurement(settings.BlockSeconds, settings.WarmUpSeconds, settings.LeadInSeconds, () => { })
            .Compare(Measurement.Clocked(ours.Step, TimeProvider.System), Measurement.Clocked(theirs.Step, TimeProvider.System), settings.Pairs);
        return new(cell, depth.Layers, depth.Bidirectional, shape.T, shape.B, shape.H)
        {
            MsStep = comparison.OursSeconds * 1e3,
            MsStepTorchsharp = comparison.PeerSeconds * 1e3,
            RatioStepTorchsharp = comparison.Ratio,
            LossDifference = losses.Max(loss => Math.Abs(loss.Ours - loss.Theirs)) / losses.Max(loss => Math.Abs(loss.Theirs)),
        };
    }
}
