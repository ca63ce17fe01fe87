using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Models;
using RnnLab.Tasks;
using RnnLab.Training.Optimizers;

namespace RnnLab.Training;

/// <summary>What a trainer on examples needs to know beside the model and the optimiser.</summary>
/// <param name="BatchSize">B.</param>
/// <param name="Bucketing">Whether a batch's examples are of like lengths.</param>
/// <param name="Reduction">How a batch's loss is reduced: the mean of its scored targets, or their sum over time, averaged over the batch.</param>
/// <param name="Seed">Of the examples' order.</param>
/// <param name="Clipping">How gradients are clipped.</param>
/// <param name="LearningRate">The rate's schedule.</param>
/// <param name="Forcing">What steps are fed; null for the truth always.</param>
public sealed record ExampleSettings(
    int BatchSize, bool Bucketing, LossReduction Reduction, ulong Seed, GradientClipping Clipping, LearningRateDecay LearningRate, ForcingPlan? Forcing = null)
    : TrainerSettings(Clipping, LearningRate, Forcing);

/// <summary>Trains a model on batches of examples, each by full BPTT. Which examples an update takes is a function of its number.</summary>
public sealed class ExampleTrainer : Trainer
{
    private readonly BatchModel _model;
    private readonly ExampleTask _task;
    private readonly ExampleSettings _settings;
    private readonly BatchOrder _order;
    private readonly ScalarType _dtype;
    private readonly Device _device;
    private long _nextTimeStep;

    /// <summary>A trainer at step 0.</summary>
    public ExampleTrainer(BatchModel model, ExampleTask task, Optimizer optimizer, ExampleSettings settings, ScalarType dtype, Device device)
        : base(model, optimizer, settings, device)
    {
        ArgumentNullException.ThrowIfNull(task);
        (_model, _task, _settings, _dtype, _device) = (model, task, settings, dtype, device);
        _order = new BatchOrder(task.Training, settings.BatchSize, settings.Seed, settings.Bucketing);
    }

    /// <inheritdoc/>
    public override long? StepsPerEpoch => _order.StepsPerEpoch;

    /// <inheritdoc/>
    protected override long NextTimeStep => _nextTimeStep;

    /// <inheritdoc/>
    protected override (Tensor Loss, double Items) AddGradients(TeacherForcing? forcing)
    {
        using var batch = Batch(Step);
        using var pass = _model.Forward(batch, new PassOptions { FirstStep = _nextTimeStep, Forcing = forcing });
        var loss = pass.Loss.clone();
        pass.Backward(_settings.Reduction == LossReduction.Mean ? 1 : batch.Scored / batch.Size);
        _nextTimeStep += _model.StepsOf(batch);
        return (loss, batch.Scored);
    }

    /// <inheritdoc/>
    protected override double LossAtStart()
    {
        using var batch = Batch(0);
        _model.eval();
        var result = _model.Evaluate(batch);
        return result.LossSum / result.Scored;
    }

    /// <inheritdoc/>
    protected override void RestoreOwn(IReadOnlyDictionary<string, Tensor> tensors, long nextTimeStep) => _nextTimeStep = nextTimeStep;

    private SequenceBatch Batch(long step) => Collation.Of([.. _order.Batch(step).Select(i => _task.Training[i])], _task.Shape, _dtype, _device);
}
