using RnnLab.Benchmarks.Ceilings;
using RnnLab.Benchmarks.PeerProcesses;

namespace RnnLab.Benchmarks.Layers;

/// <summary>Measures one cell at one shape against everything else that computes it.</summary>
internal sealed class LayerBenchmark(BenchmarkSettings settings, Ceiling ceiling, PeerPrograms peers)
{
    public LayerRow Measure(string cell, LayerShape shape)
    {
        using var problem = new LayerProblem(cell, shape, settings.Scalar);
        // Only the training steps are held to the ceilings.
        var train = new Measurement(settings.BlockSeconds, settings.WarmUpSeconds, settings.LeadInSeconds, ceiling.Sample);
        var forward = new Measurement(settings.BlockSeconds, settings.WarmUpSeconds, settings.LeadInSeconds, () => { });
        var libtorch = Libtorch(cell, problem, forward, train);
        var onednn = OneDnn(cell, shape, problem, forward, train);
        var readableForward = forward.Compare(Clocked(problem.Forward), Clocked(problem.ReadableForward), settings.PairsOfSlow);
        var readableTrain = forward.Compare(Clocked(problem.Train), Clocked(problem.ReadableTrain), settings.PairsOfSlow);
        // An autograd graph is what a tape is: both record.
        var autogradForward = forward.Compare(Clocked(problem.RecordedForward), Clocked(problem.AutogradForward), settings.PairsOfSlow);
        var autogradTrain = forward.Compare(Clocked(problem.Train), Clocked(problem.AutogradTrain), settings.PairsOfSlow);
        return new(cell, shape.T, shape.B, shape.H)
        {
            Dtype = settings.Dtype,
            Threads = settings.Threads,
            MsForward = libtorch.Forward.OursSeconds * 1e3,
            MsTrain = libtorch.Train.OursSeconds * 1e3,
            MsForwardLibtorch = libtorch.Forward.PeerSeconds * 1e3,
            MsTrainLibtorch = libtorch.Train.PeerSeconds * 1e3,
            MsForwardOnednn = onednn?.Forward.PeerSeconds * 1e3,
            MsTrainOnednn = onednn?.Train.PeerSeconds * 1e3,
            MsForwardReference = readableForward.PeerSeconds * 1e3,
            MsTrainReference = readableTrain.PeerSeconds * 1e3,
            MsForwardAutograd = autogradForward.PeerSeconds * 1e3,
            MsTrainAutograd = autogradTrain.PeerSeconds * 1e3,
            RatioForwardLibtorch = libtorch.Forward.Ratio,
            RatioTrainLibtorch = libtorch.Train.Ratio,
            RatioForwardOnednn = onednn?.Forward.Ratio,
            RatioTrainOnednn = onednn?.Train.Ratio,
            SpeedupForwardReference = readableForward.Ratio,
            SpeedupTrainReference = readableTrain.Ratio,
            SpeedupForwardAutograd = autogradForward.Ratio,
            SpeedupTrainAutograd = autogradTrain.Ratio,
            FmaGflops = ceiling.Fma,
            SgemmGflops = ceiling.Product,
        };
    }

    private ForwardAndTrain Libtorch(string cell, LayerProblem problem, Measurement forward, Measurement train)
    {
        using var libtorch = new LibtorchLayer(cell, problem);
        return new(
            forward.Compare(Clocked(problem.Forward), Clocked(libtorch.Forward), settings.Pairs),
            train.Compare(Clocked(problem.Train), Clocked(libtorch.Train), settings.Pairs));
    }

    private ForwardAndTrain? OneDnn(string cell, LayerShape shape, LayerProblem problem, Measurement forward, Measurement train)
    {
        // It has no primitive in float64, and its plain RNN is not among the targets.
        if (cell == "rnn" || settings.Dtype != "float32")
            return null;
        return peers.OneDnn.Try(peer =>
        {
            peer.Prepare($"{cell} {shape.T} {shape.B} {shape.H} {shape.H}");
            // Its forward pass is that of training, which keeps a workspace, so ours keeps its tape.
            return new ForwardAndTrain(
                forward.Compare(Clocked(problem.RecordedForward), peer.Timed("forward"), settings.Pairs),
                train.Compare(Clocked(problem.Train), peer.Timed("train"), settings.Pairs));
        });
    }

    private static Timed Clocked(Action work) => Measurement.Clocked(work, TimeProvider.System);

    private sealed record ForwardAndTrain(Comparison Forward, Comparison Train);
}
