using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Metrics;
using RnnLab.Tasks;

namespace RnnLab.Models;

/// <summary>What a pass over a batch depends on beside the batch and the weights.</summary>
public sealed record PassOptions
{
    /// <summary>No forcing but the truth, time steps counted from 0.</summary>
    public static PassOptions Default { get; } = new();

    /// <summary>The number of the pass's first time step, which masks and coins are functions of.</summary>
    public long FirstStep { get; init; }

    /// <summary>What steps are fed, for models that can be fed their own output; null for the truth at every step.</summary>
    public TeacherForcing? Forcing { get; init; }
}

/// <summary>A model of examples, trained by hand-written passes. Whether masks are drawn is the module's training mode.</summary>
/// <param name="name">The module's name.</param>
/// <param name="shape">The examples that it is for.</param>
public abstract class BatchModel(string name, TaskShape shape) : PlacedModule(name)
{
    /// <summary>The examples that it is for.</summary>
    public TaskShape Shape { get; } = shape;

    /// <summary>Time steps that a pass over a batch has, for the next pass's <see cref="PassOptions.FirstStep"/>.</summary>
    public abstract long StepsOf(SequenceBatch batch);

    /// <summary>Runs a batch, to go back through.</summary>
    public abstract IBatchPass Forward(SequenceBatch batch, PassOptions options);

    /// <summary>
    /// The loss and the answers, recording nothing. The loss is that with the truth fed at every step; tokens of sequences of their own are what the model says
    /// by itself, the likeliest at each step until the end mark.
    /// </summary>
    public abstract BatchResult Evaluate(SequenceBatch batch);
}

/// <summary>A batch that has been run forward and waits for its backward.</summary>
public interface IBatchPass : IDisposable
{
    /// <summary>The mean loss of a scored target: Σ w·ℓ / Σ w, 0 dimensions, the pass's own.</summary>
    Tensor Loss { get; }

    /// <summary>Adds the gradient of scale · <see cref="Loss"/> for every parameter; once.</summary>
    void Backward(double scale = 1);
}

/// <summary>What evaluating a batch gives.</summary>
/// <param name="LossSum">Σ w·ℓ.</param>
/// <param name="Scored">Σ w.</param>
/// <param name="Predictions">One for each example, in the batch's order.</param>
public sealed record BatchResult(double LossSum, double Scored, IReadOnlyList<Prediction> Predictions);
