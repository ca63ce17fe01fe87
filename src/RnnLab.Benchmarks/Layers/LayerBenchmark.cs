using RnnLab.Benchmarks.Ceilings;
using RnnLab.Benchmarks.PeerProcesses;

namespace RnnLab.Benchmarks.Layers;

/// <summary>Measures one cell at one shape against everything else that computes it on the device.</summary>
/// <param name="settings">The settings.</param>
/// <param name="device">Where the layers are.</param>
/// <param name="ceiling">The machine's ceilings; null where they are not the device's.</param>
/// <param name="peers">The programs beside libtorch.</param>
internal sealed class LayerBenchmark(BenchmarkSettings settings, Device device, Ceiling? ceiling, PeerPrograms peers)
{
    public LayerRow Measure(string cell, LayerShape shape)
    {
        using var problem = new LayerProblem(cell, shape, settings.Scalar, device);
        // Only the training steps are held to the ceilings.
        var train = new Measurement(settings.BlockSeconds, settings.WarmUpSeconds, settings.LeadInSeconds, ceiling is null ? () => { } : ceiling.Sample);
        var forward = new Measurement(settings.BlockSeconds, settings.WarmUpSeconds, settings.LeadInSeconds, () => { });
        var libtorch = Libtorch(cell, problem, forward, train);
        var onednn = OneDnn(cell, shape, problem, forward, train);
        // Off the CPU the readable form is ours.
        var readable = settings.OnCuda ? null : new ForwardAndTrain(
            forward.Compare(Clocked(problem.Forward), Clocked(problem.ReadableForward), settings.PairsOfSlow),
            forward.Compare(Clocked(problem.Train), Clocked(problem.ReadableTrain), settings.PairsOfSlow));
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
            MsForwardReference = readable?.Forward.PeerSeconds * 1e3,
            MsTrainReference = readable?.Train.PeerSeconds * 1e3,
            MsForwardAutograd = autogradForward.PeerSeconds * 1e3,
            MsTrainAutograd = autogradTrain.PeerSeconds * 1e3,
            RatioForwardLibtorch = libtorch.Forward.Ratio,
            RatioTrainLibtorch = libtorch.Train.Ratio,
            RatioForwardOnednn = onednn?.Forward.Ratio,
            RatioTrainOnednn = onednn?.Train.Ratio,
            SpeedupForwardReference = readable?.Forward.Ratio,
            SpeedupTrainReference = readable?.Train.Ratio,
            SpeedupForwardAutograd = autogradForward.Ratio,
            SpeedupTrainAutograd = autogradTrain.Ratio,
            FmaGflops = ceiling?.Fma,
            SgemmGflops = ceiling?.Product,
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

    private Timed Clocked(Action work) => Measurement.Clocked(work, TimeProvider.System, settings.OnCuda ? Settle : null);

    /// <summary>Waits until the device has done all that was asked of it: reading a number that it makes last does that.</summary>
    private void Settle()
    {
        using var last = zeros([], device: device);
        last.item<float>();
    }

    private sealed record ForwardAndTrain(Comparison Forward, Comparison Train);
}
