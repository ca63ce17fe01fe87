using RnnLab.Forcing;
using RnnLab.Models;
using RnnLab.Recurrence;
using RnnLab.Tasks;
using RnnLab.Training.Optimizers;

namespace RnnLab.Training;

/// <summary>What a language model's trainer needs to know beside the model and the optimiser.</summary>
/// <param name="BatchSize">B, the streams side by side.</param>
/// <param name="K1">Steps between updates.</param>
/// <param name="K2">Steps that a loss goes back through, at most.</param>
/// <param name="CarryState">Whether a chunk starts from the state that the chunk before it ended in, or from zeros.</param>
/// <param name="Clipping">How gradients are clipped.</param>
/// <param name="LearningRate">The rate's schedule.</param>
/// <param name="Forcing">What steps are fed; null for the truth always.</param>
public sealed record StreamSettings(int BatchSize, int K1, int K2, bool CarryState, GradientClipping Clipping, LearningRateDecay LearningRate, ForcingPlan? Forcing = null)
    : TrainerSettings(Clipping, LearningRate, Forcing);

/// <summary>Trains a language model on B streams by truncated BPTT.</summary>
public sealed class LanguageModelTrainer : Trainer
{
    private readonly LanguageModel _model;
    private readonly StreamSettings _settings;
    private readonly TokenStreams _streams;
    private readonly TruncatedBptt _bptt;
    private readonly ReadOnlyMemory<long> _start;

    /// <summary>A trainer at step 0.</summary>
    /// <exception cref="UserException">The task's text is too short for the batch and k1.</exception>
    public LanguageModelTrainer(LanguageModel model, TextTask task, Optimizer optimizer, StreamSettings settings, Device device) : base(model, optimizer, settings, device)
    {
        ArgumentNullException.ThrowIfNull(task);
        task.RequireLength(settings.BatchSize, settings.K1);
        (_model, _settings) = (model, settings);
        _streams = new TokenStreams(task.Training, settings.BatchSize, device);
        _bptt = new TruncatedBptt(model, settings.K1, settings.K2);
        _start = task.Training[0][..(settings.K1 + 1)];
    }

    /// <summary>Updates in one pass over the training text; what is left over at its end is not used.</summary>
    public override long? StepsPerEpoch => _streams.Steps / _settings.K1;

    /// <inheritdoc/>
    protected override long NextTimeStep => _bptt.NextStep;

    /// <inheritdoc/>
    protected override (Tensor Loss, double Items) AddGradients(TeacherForcing? forcing)
    {
        var chunk = (int)(Step % StepsPerEpoch!.Value);
        if (chunk == 0 || !_settings.CarryState)
            _bptt.ResetState();
        _model.Forcing = forcing;
        var (inputs, targets) = _streams.Slice(chunk * _settings.K1, _settings.K1);
        var loss = _bptt.Advance(inputs, targets).to(ScalarType.Float64);
        var scale = _model.LossScale(_settings.K1);
        return (scale == 1 ? loss : loss / scale, (double)_settings.BatchSize * _settings.K1);
    }

    /// <inheritdoc/>
    protected override double LossAtStart() => Evaluation.Of(_model, [_start], 1, _settings.K1, _model.Head.Weight.device).CrossEntropy;

    /// <inheritdoc/>
    protected override IEnumerable<(string Name, Tensor Tensor)> OwnTensors()
    {
        if (_bptt.Window is not { } window)
            yield break;
        foreach (var (name, tensor) in window.State.Named())
            yield return ($"window.{name}", tensor);
        if (window.Earlier is { } earlier)
            yield return ("window.earlier", earlier);
    }

    /// <inheritdoc/>
    protected override void RestoreOwn(IReadOnlyDictionary<string, Tensor> tensors, long nextTimeStep)
        => _bptt.Restore(SavedWindow(Under(tensors, "window.")), nextTimeStep);

    /// <inheritdoc/>
    protected override void DisposeOwn()
    {
        _streams.Dispose();
        _bptt.Dispose();
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
}
