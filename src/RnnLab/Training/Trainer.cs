using RnnLab.Layers;
using RnnLab.Training.Optimizers;

namespace RnnLab.Training;

/// <summary>What every trainer needs to know beside the model and the optimiser.</summary>
/// <param name="Clipping">How gradients are clipped.</param>
/// <param name="LearningRate">The rate's schedule.</param>
/// <param name="Forcing">What steps are fed; null for the truth always.</param>
public record TrainerSettings(GradientClipping Clipping, LearningRateDecay LearningRate, ForcingPlan? Forcing = null);

/// <summary>One update.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Epoch">Passes over the training data that are done with it; 0 where they have no end.</param>
/// <param name="LearningRate">The rate it was made with.</param>
/// <param name="EndsEpoch">Whether a pass over the training data ends with it.</param>
/// <param name="Items">Targets that it learned from: characters, tokens, values.</param>
/// <param name="Forcing">The probability that a step was fed the truth; null where no schedule was given.</param>
public readonly record struct TrainingStep(long Step, double Epoch, double LearningRate, bool EndsEpoch, double Items, double? Forcing);

/// <summary>
/// Trains a model, one update at a time. All that the next update depends on is in the model, the optimiser, the trainer's own tensors and its counters, so a trainer that is
/// saved and restored goes on bit for bit.
/// <para>
/// What an update was made from (its loss and gradient norm) is handed out by <see cref="Read"/>. On the CPU it is known, and checked, at each update. On another device
/// an update only queues work there, without waiting for any of it, and <see cref="Read"/> waits, and checks, for all updates since the last call.
/// </para>
/// </summary>
public abstract class Trainer : IDisposable
{
    private readonly nn.Module _model;
    private readonly Optimizer _optimizer;
    private readonly TrainerSettings _settings;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly List<StepMeasure> _measures = [];
    private readonly UnreadMeasures _unread = new();
    private (double Norm, long Step) _largest;

    /// <summary>A trainer at step 0.</summary>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">Over its parameters.</param>
    /// <param name="settings">What else it needs.</param>
    /// <param name="device">The model's.</param>
    protected Trainer(nn.Module model, Optimizer optimizer, TrainerSettings settings, Device device)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        (_model, _optimizer, _settings, _parameters) = (model, optimizer, settings, [.. model.parameters()]);
        ReadsLater = device.type != TorchSharp.DeviceType.CPU;
    }

    /// <summary>Whether losses and gradient norms stay on the device until <see cref="Read"/>.</summary>
    public bool ReadsLater { get; internal set; }

    /// <summary>Updates made.</summary>
    public long Step { get; private set; }

    /// <summary>Updates in one pass over the training data; null where they have no end.</summary>
    public abstract long? StepsPerEpoch { get; }

    /// <summary>Makes one update.</summary>
    /// <exception cref="DivergedException">The loss or the gradient is NaN or infinite, and the host knows of it (see <see cref="ReadsLater"/>).</exception>
    public TrainingStep Advance()
    {
        using var scope = NewDisposeScope();
        var epoch = StepsPerEpoch is { } length ? Step / length : 0;
        var forcing = _settings.Forcing?.At(Step, epoch);
        _model.train();
        Gradients.Zero(_parameters);
        var (loss, items) = AddGradients(forcing);
        loss = loss.to(ScalarType.Float64);
        var clip = ReadsLater ? Queue(loss) : Take(loss);
        _optimizer.LearningRate = _settings.LearningRate.At(epoch);
        _optimizer.Step(clip);
        Step++;
        return new(
            Step, StepsPerEpoch is { } steps ? (double)Step / steps : 0, _optimizer.LearningRate, StepsPerEpoch is { } last && Step % last == 0, items, forcing?.Probability);
    }

    /// <summary>What the updates since the last call were made from, in their order.</summary>
    /// <exception cref="DivergedException">The loss or the gradient of one of them is NaN or infinite; names the first.</exception>
    public IReadOnlyList<StepMeasure> Read()
    {
        TakeUnread();
        StepMeasure[] read = [.. _measures];
        _measures.Clear();
        return read;
    }

    /// <summary>
    /// Requires the state to be one to go on from, as a checkpoint must be: a finite gradient times a large learning rate may give
    /// parameters that are not finite, or whose loss is not.
    /// </summary>
    /// <exception cref="DivergedException">They, the optimiser's state, or the loss over the data's start are NaN or infinite.</exception>
    public void RequireFiniteState()
    {
        TakeUnread();
        using var scope = NewDisposeScope();
        var all = _model.named_parameters().Select(p => (Name: p.name, Tensor: (Tensor)p.parameter)).Concat(StateTensors().Select(p => (Name: p.Key, Tensor: p.Value)));
        foreach (var (name, tensor) in all)
            if (!tensor.isfinite().all().item<bool>())
                throw Diverged(Step, $"the update made {name} NaN or infinite");
        var loss = LossAtStart();
        if (!double.IsFinite(loss))
            throw Diverged(Step, $"after the update the loss is {loss}");
    }

    /// <summary>What tells that the training diverged at a step, with the largest gradient norm until then.</summary>
    /// <param name="step">The update's number.</param>
    /// <param name="what">What is not finite.</param>
    public DivergedException Diverged(long step, string what)
    {
        var largest = _largest.Step > 0 ? $"the largest finite gradient norm was {_largest.Norm:g4}, at step {_largest.Step}" : "it is the first step";
        return new($"diverged at step {step}: {what}; {largest}. A lower training.optimizer.learning_rate or training.clip_norm may help");
    }

    /// <summary>The tensors that a later trainer needs to go on, beside the model's: the optimiser's and the trainer's own. Not copies.</summary>
    public IReadOnlyDictionary<string, Tensor> StateTensors()
    {
        var tensors = _optimizer.State.ToDictionary(p => $"optimizer.{p.Key}", p => p.Value);
        foreach (var (name, tensor) in OwnTensors())
            tensors[name] = tensor;
        return tensors;
    }

    /// <summary>The numbers that a later trainer needs to go on.</summary>
    /// <exception cref="DivergedException">The loss or the gradient of an update that was not read yet is NaN or infinite.</exception>
    public TrainerCounters Counters()
    {
        TakeUnread();
        return new(Step, _optimizer.Steps, NextTimeStep, _largest.Norm, _largest.Step);
    }

    /// <summary>Goes on from a saved state; the model's own tensors are restored apart.</summary>
    /// <exception cref="ArgumentException">The tensors do not fit this trainer.</exception>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors, TrainerCounters counters)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(counters);
        using var scope = NewDisposeScope();
        Step = counters.Step;
        _largest = (counters.LargestGradNorm, counters.LargestGradNormStep);
        _optimizer.Restore(Under(tensors, "optimizer."), counters.OptimizerSteps);
        RestoreOwn(tensors, counters.NextTimeStep);
    }

    /// <summary>Frees what the trainer holds; the model and the optimiser are their maker's.</summary>
    public void Dispose()
    {
        _unread.Dispose();
        DisposeOwn();
        GC.SuppressFinalize(this);
    }

    /// <summary>Time steps run, which masks and coins are functions of.</summary>
    protected abstract long NextTimeStep { get; }

    /// <summary>Runs the next update's data forward and back; gradients are zeros before.</summary>
    /// <param name="forcing">What steps are fed, or null for the truth.</param>
    /// <returns>The mean loss of a target, 0 dimensions, in the caller's dispose scope, and how many targets it is the mean of.</returns>
    protected abstract (Tensor Loss, double Items) AddGradients(Forcing.TeacherForcing? forcing);

    /// <summary>The loss over the first of the data, with the parameters as they stand.</summary>
    protected abstract double LossAtStart();

    /// <summary>The tensors that are the trainer's own, beside the optimiser's.</summary>
    protected virtual IEnumerable<(string Name, Tensor Tensor)> OwnTensors() => [];

    /// <summary>Goes on from saved tensors and the time steps run; the optimiser is restored.</summary>
    /// <exception cref="ArgumentException">The tensors do not fit.</exception>
    protected abstract void RestoreOwn(IReadOnlyDictionary<string, Tensor> tensors, long nextTimeStep);

    /// <summary>Frees what the kind of trainer holds.</summary>
    protected virtual void DisposeOwn()
    {
    }

    /// <summary>The tensors whose names start so, without it.</summary>
    protected static Dictionary<string, Tensor> Under(IReadOnlyDictionary<string, Tensor> tensors, string prefix)
        => tensors.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(p => p.Key[prefix.Length..], p => p.Value);

    /// <summary>Reads and checks what this update is made from, before it is made.</summary>
    private GradientClip Take(Tensor loss)
    {
        var value = loss.item<double>();
        var (norm, clip) = _settings.Clipping.Measure(_parameters);
        Take(new StepMeasure(Step + 1, value, norm));
        return clip;
    }

    /// <summary>Leaves it on the device.</summary>
    private GradientClip Queue(Tensor loss)
    {
        if (_unread.IsFull)
            TakeUnread();
        var (norm, clip) = _settings.Clipping.MeasureOnDevice(_parameters);
        _unread.Add(Step + 1, loss, norm);
        return clip;
    }

    private void TakeUnread()
    {
        foreach (var measure in _unread.Read())
            Take(measure);
    }

    private void Take(StepMeasure measure)
    {
        var (step, loss, norm) = measure;
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw Diverged(step, double.IsFinite(loss) ? $"the gradient norm is {norm}" : $"the loss is {loss}");
        if (norm > _largest.Norm)
            _largest = (norm, step);
        _measures.Add(measure);
    }
}

/// <summary>The numbers of a trainer's state.</summary>
/// <param name="Step">Updates made.</param>
/// <param name="OptimizerSteps">The optimiser's own count.</param>
/// <param name="NextTimeStep">Time steps run, which masks and coins are functions of.</param>
/// <param name="LargestGradNorm">The largest gradient norm so far.</param>
/// <param name="LargestGradNormStep">The step it was at.</param>
public sealed record TrainerCounters(long Step, long OptimizerSteps, long NextTimeStep, double LargestGradNorm, long LargestGradNormStep);
