using RnnLab.Models;
using RnnLab.Plots;
using RnnLab.Tasks;

namespace RnnLab.Training.FreeRunning;

/// <summary>
/// How a model of a series goes on by itself: its mean squared error h steps ahead, h = 1 … H, fed the truth up to the step before the first of them
/// and its own outputs from there on, beside the persistence forecast, which repeats the last true value.
/// </summary>
/// <param name="Model">The model's error at h = 1 … H, the mean over examples and the numbers of a step.</param>
/// <param name="Persistence">The persistence forecast's.</param>
public sealed record HorizonErrors(IReadOnlyList<double> Model, IReadOnlyList<double> Persistence)
{
    /// <summary>Measures a model.</summary>
    /// <param name="model">The model, in evaluation mode.</param>
    /// <param name="examples">Series whose target at each step is the next step's input.</param>
    /// <param name="warmUp">Steps of each that the model is fed first, at least 1.</param>
    /// <param name="horizon">H, at least 1.</param>
    /// <param name="batchSize">Series side by side: memory, not the result.</param>
    /// <param name="dtype">The model's.</param>
    /// <param name="device">The model's.</param>
    /// <exception cref="UserException">A series is too short, or is none of real numbers; or there is none.</exception>
    /// <exception cref="InvalidOperationException">The model's outputs are not what it takes as inputs.</exception>
    public static HorizonErrors Of(IForecaster model, IExamples examples, int warmUp, int horizon, int batchSize, ScalarType dtype, Device device)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(warmUp);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        if (examples.Count is not { } count || count == 0)
            throw new UserException("free running needs a set of examples that is not empty and has an end");
        var (own, persistence) = (new double[horizon], new double[horizon]);
        using var no_grad = torch.no_grad();
        foreach (var batch in BatchOrder.InOrder(count, batchSize))
        {
            using var scope = NewDisposeScope();
            var series = batch.Select(i => Parts(examples[i], i, warmUp, horizon)).ToArray();
            var shape = new ValueShape(ValueKind.Reals, series[0].History.Width);
            var history = PaddedSteps.Of([.. series.Select(s => s.History)], shape, dtype, device);
            var future = PaddedSteps.Of([.. series.Select(s => s.Future)], shape, dtype, device);
            Add(own, model.Continue(history, horizon), future);
            Add(persistence, history.narrow(0, warmUp - 1, 1), future);
        }
        return new([.. own.Select(sum => sum / count)], [.. persistence.Select(sum => sum / count)]);
    }

    /// <summary>The errors at h = 1, 2, 4, … H by name: mse_at_1, persistence_mse_at_1, …</summary>
    public IEnumerable<(string Name, double Value)> Values()
        => Doubling.UpTo(Model.Count).SelectMany(h => new[] { ($"mse_at_{h}", Model[h - 1]), ($"persistence_mse_at_{h}", Persistence[h - 1]) });

    /// <summary>The model's error over h as a curve.</summary>
    public LineSeries Series(string name) => Curve(name, Model);

    /// <summary>The persistence forecast's.</summary>
    public LineSeries PersistenceSeries() => Curve("persistence", Persistence);

    private static LineSeries Curve(string name, IReadOnlyList<double> errors) => new(name, [.. errors.Select((_, i) => i + 1.0)], errors);

    /// <summary>The first w inputs, and the H values after them.</summary>
    private static (RealSteps History, RealSteps Future) Parts(Example example, long index, int warmUp, int horizon)
    {
        if (example is not { Input: RealSteps input, Target: RealSteps target } || input.Width != target.Width || input.Length != target.Length)
            throw new UserException($"example {index} is no series of real vectors whose target at each step is the next one");
        if (target.Length < warmUp + horizon - 1)
            throw new UserException($"example {index} has {target.Length} steps, {warmUp} to warm up and {horizon} to go on need {warmUp + horizon - 1}");
        var K = input.Width;
        return (new(input.Values[..(warmUp * K)], K), new(target.Values[((warmUp - 1) * K)..((warmUp - 1 + horizon) * K)], K));
    }

    /// <summary>Adds, for each step, the squared errors' mean over the numbers, summed over the batch.</summary>
    private static void Add(double[] sums, Tensor forecast, Tensor future)
    {
        var errors = (forecast - future).to(ScalarType.Float64).square().mean([2L]).sum(1L).cpu();
        for (var h = 0; h < sums.Length; h++)
            sums[h] += errors[h].item<double>();
    }
}
