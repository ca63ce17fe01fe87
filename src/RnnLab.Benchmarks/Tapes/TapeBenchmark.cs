using RnnLab.Benchmarks.Layers;
using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Benchmarks.Tapes;

/// <summary>Memory-bounded back-propagation through time against the full form: memory, time and bits of one training step over a long sequence.</summary>
internal sealed class TapeBenchmark(BenchmarkSettings settings)
{
    /// <summary>The rows of one cell and shape: the full tape, the square root's, and one of half of that.</summary>
    public IEnumerable<TapeRow> Measure(string cell, LayerShape shape)
    {
        using var problem = new LayerProblem(cell, shape, settings.Scalar);
        var full = Results(problem, TapeMemory.Full, out var fullBytes);
        var stepTape = (double)fullBytes / shape.T;
        try
        {
            var root = Row("sqrt", TapeMemory.SquareRoot);
            yield return root;
            var half = (int)Math.Ceiling(root.StepTapes / 2);
            yield return Row($"{half}", TapeMemory.Budget(half));
        }
        finally
        {
            Free(full);
        }

        TapeRow Row(string name, TapeMemory memory)
        {
            var results = Results(problem, memory, out var bytes);
            var same = full.Zip(results).All(pair => pair.First.equal(pair.Second).all().item<bool>());
            Free(results);
            var time = new Measurement(settings.BlockSeconds, settings.WarmUpSeconds, 0, () => { })
                .Compare(Measurement.Clocked(() => problem.Train(memory), TimeProvider.System), Measurement.Clocked(() => problem.Train(TapeMemory.Full), TimeProvider.System), settings.PairsOfSlow);
            return new(cell, shape, name, bytes, bytes / stepTape, time.OursSeconds, 1 / time.Ratio, same);
        }
    }

    /// <summary>Outputs and all gradients of one training step.</summary>
    private static List<Tensor> Results(LayerProblem problem, TapeMemory memory, out long peakBytes)
    {
        var parameters = problem.Parameters.Named(problem.Layer.Cell, "l0").Select(p => p.Parameter).ToArray();
        Gradients.Zero(parameters);
        using var scope = NewDisposeScope();
        using var tape = new Tape(memory);
        var (y, _) = problem.Layer.Forward(problem.X, problem.S0, tape);
        var (dx, ds0) = problem.Layer.Backward(tape, problem.DOutput);
        peakBytes = tape.PeakBytes;
        var all = new[] { y, dx, ds0.H, ds0.C }.OfType<Tensor>().Concat(parameters.Select(p => Gradients.Of(p).clone()));
        return [.. all.Select(x => x.DetachFromDisposeScope())];
    }

    private static void Free(List<Tensor> tensors)
    {
        foreach (var tensor in tensors)
            tensor.Dispose();
    }
}
