using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tasks;
using RnnLab.Training.Optimizers;

namespace RnnLab.Training;

/// <summary>What a trainer needs to know beside the model and the optimiser.</summary>
/// <param name="BatchSize">B, the streams side by side.</param>
/// <param name="K1">Steps between updates.</param>
/// <param name="K2">Steps that a loss goes back through, at most.</param>
/// <param name="CarryState">Whether a chunk starts from the state that the chunk before it ended in, or from zeros.</param>
/// <param name="Clipping">How gradients are clipped.</param>
/// <param name="LearningRate">The rate's schedule.</param>
public sealed record TrainerSettings(int BatchSize, int K1, int K2, bool CarryState, GradientClipping Clipping, LearningRateDecay LearningRate);

/// <summary>One update.</summary>
/// <param name="Step">Its number, from 1.</param>
/// <param name="Epoch">Passes over the training text that are done with it.</param>
/// <param name="LearningRate">The rate it was made with.</param>
/// <param name="EndsEpoch">Whether a pass over the training text ends with it.</param>
public readonly record struct TrainingStep(long Step, double Epoch, double LearningRate, bool EndsEpoch);

/// <summary>
/// Trains a language model on B streams by truncated BPTT, one update at a time. All that the next update depends on is in the model,
/// the optimiser, the open window and the step's number, so a trainer that is saved and restored goes on bit for bit.
/// <para>
/// What an update was made from (its loss and gradient norm) is handed out by <see cref="Read"/>. On the CPU it is known, and checked, at each update. On another device
/// an update only queues work there, without waiting for any of it, and <see cref="Read"/> waits, and checks, for all updates since the last call.
/// </para>
/// </summary>
public sealed class LanguageModelTrainer : IDisposable
{
    private readonly LanguageModel _model;
    private readonly Optimizer _optimizer;
    private readonly TrainerSettings _settings;
    private readonly TokenStreams _streams;
    private readonly TruncatedBptt _bptt;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly ReadOnlyMemory<long> _start;
    private readonly List<StepMeasure> _measures = [];
    private readonly UnreadMeasures _unread = new();
    private (double Norm, long Step) _largest;

    /// <summary>A trainer at step 0.</summary>
    /// <exception cref="UserException">The task's text is too short for the batch and k1.</exception>
    public LanguageModelTrainer(LanguageModel model, CharacterTask task, Optimizer optimizer, TrainerSettings settings, Device device)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(settings);
        task.RequireLength(settings.BatchSize, settings.K1);
        (_model, _optimizer, _settings) = (model, optimizer, settings);
        _streams = new TokenStreams(task.Training, settings.BatchSize, device);
        _bptt = new TruncatedBptt(model, settings.K1, settings.K2);
        _parameters = [.. model.parameters()];
        _start = task.Training[0][..(settings.K1 + 1)];
        ReadsLater = device.type != TorchSharp.DeviceType.CPU;
    }

    /// <summary>Whether losses and gradient norms stay on the device until <see cref="Read"/>.</summary>
    public bool ReadsLater { get; internal set; }

    /// <summary>Updates made.</summary>
    public long Step { get; private set; }

    /// <summary>Updates in one pass over the training text; what is left over at its end is not used.</summary>
    public int StepsPerEpoch => _streams.Steps / _settings.K1;

    /// <summary>Characters that one update learns from.</summary>
    public int CharactersPerStep => _settings.BatchSize * _settings.K1;

    /// <summary>Makes one update.</summary>
    /// <exception cref="DivergedException">The loss or the gradient is NaN or infinite, and the host knows of it (see <see cref="ReadsLater"/>).</exception>
    public TrainingStep Advance()
    {
        using var scope = NewDisposeScope();
        var (epoch, chunk) = (Step / StepsPerEpoch, (int)(Step % StepsPerEpoch));
        if (chunk == 0 || !_settings.CarryState)
            _bptt.ResetState();
        _model.train();
        Gradients.Zero(_parameters);
        var (inputs, targets) = _streams.Slice(chunk * _settings.K1, _settings.K1);
        var loss = _bptt.Advance(inputs, targets).to(ScalarType.Float64);
        var clip = ReadsLater ? Queue(loss) : Take(loss);
        _optimizer.LearningRate = _settings.LearningRate.At(epoch);
        _optimizer.Step(clip);
        Step++;
        return new(Step, (double)Step / StepsPerEpoch, _optimizer.LearningRate, chunk == StepsPerEpoch - 1);
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
    /// <exception cref="DivergedException">They, the optimiser's state, or the loss over the text's first k1 steps are NaN or infinite.</exception>
    public void RequireFiniteState()
    {
        TakeUnread();
        using var scope = NewDisposeScope();
        var all = _model.named_parameters().Select(p => (Name: p.name, Tensor: (Tensor)p.parameter)).Concat(StateTensors().Select(p => (Name: p.Key, Tensor: p.Value)));
        foreach (var (name, tensor) in all)
            if (!tensor.isfinite().all().item<bool>())
                throw Diverged(Step, $"the update made {name} NaN or infinite");
        var loss = Evaluation.Of(_model, [_start], 1, _settings.K1, _model.Head.Weight.device).CrossEntropy;
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

    /// <summary>The tensors that a later trainer needs to go on, beside the model's: the optimiser's and the open window's. Not copies.</summary>
    public IReadOnlyDictionary<string, Tensor> StateTensors()
    {
        var tensors = _optimizer.State.ToDictionary(p => $"optimizer.{p.Key}", p => p.Value);
        if (_bptt.Window is { } window)
        {
            foreach (var (name, tensor) in window.State.Named())
                tensors[$"window.{name}"] = tensor;
            if (window.Earlier is { } earlier)
                tensors["window.earlier"] = earlier;
        }
        return tensors;
    }

    /// <summary>The numbers that a later trainer needs to go on.</summary>
    /// <exception cref="DivergedException">The loss or the gradient of an update that was not read yet is NaN or infinite.</exception>
    public TrainerCounters Counters()
    {
        TakeUnread();
        return new(Step, _optimizer.Steps, _bptt.NextStep, _largest.Norm, _largest.Step);
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
        _bptt.Restore(SavedWindow(Under(tensors, "window.")), counters.NextTimeStep);
    }

    /// <summary>Frees the streams and the window; the model and the optimiser are their maker's.</summary>
    public void Dispose()
    {
        _streams.Dispose();
        _bptt.Dispose();
        _unread.Dispose();
    }

    private OpenWindow? SavedWindow(IReadOnlyDictionary<string, Tensor> saved)
    {
        if (saved.Count == 0)
            return null;
        var zero = _model.ZeroState(_settings.BatchSize);
        var named = zero.Named().ToDictionary(p => p.Name, p => p.Tensor);
        foreach (var (name, tensor) in named)
        {
            if (!saved.TryGetValue(name, out var value) || !value.shape.SequenceEqual(tensor.shape))
                throw new ArgumentException($"the saved state has no {name} of shape ({string.Join(", ", tensor.shape)})");
            tensor.copy_(value);
        }
        var earlier = saved.GetValueOrDefault("earlier")?.to(_model.Head.Weight.device).clone().DetachFromDisposeScope();
        return new(zero.Copy(), earlier);
    }

    private static Dictionary<string, Tensor> Under(IReadOnlyDictionary<string, Tensor> tensors, string prefix)
        => tensors.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(p => p.Key[prefix.Length..], p => p.Value);

    /// <summary>Reads and checks what this update is made from, before it is made.</summary>
    private GradientClip Take(Tensor loss)
    {
        var value = loss.item<double>() / _model.LossScale(_settings.K1);
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
            Take(measure with { Loss = measure.Loss / _model.LossScale(_settings.K1) });
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
/// <param name="NextTimeStep">Time steps run, which dropout masks are a function of.</param>
/// <param name="LargestGradNorm">The largest gradient norm so far.</param>
/// <param name="LargestGradNormStep">The step it was at.</param>
public sealed record TrainerCounters(long Step, long OptimizerSteps, long NextTimeStep, double LargestGradNorm, long LargestGradNormStep);
