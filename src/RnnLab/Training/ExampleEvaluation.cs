using RnnLab.Metrics;
using RnnLab.Models;
using RnnLab.Tasks;

namespace RnnLab.Training;

/// <summary>How well a model answers a set of examples.</summary>
/// <param name="Loss">The mean loss of a scored target, the truth fed at every step.</param>
/// <param name="Measures">The task's metrics by name.</param>
public sealed record ExampleEvaluation(double Loss, IReadOnlyDictionary<string, double> Measures)
{
    /// <summary>Evaluates a model, in evaluation mode.</summary>
    /// <param name="model">The model.</param>
    /// <param name="task">The task.</param>
    /// <param name="examples">The set; it has a count.</param>
    /// <param name="batchSize">Examples side by side: speed, not the result.</param>
    /// <param name="dtype">Of real numbers.</param>
    /// <param name="device">The model's.</param>
    public static ExampleEvaluation Of(BatchModel model, ExampleTask task, IExamples examples, int batchSize, ScalarType dtype, Device device)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(examples);
        var metrics = task.NewMetrics();
        var (sum, scored, wasTraining) = (0.0, 0.0, model.training);
        model.eval();
        try
        {
            foreach (var rows in BatchOrder.InOrder(examples.Count!.Value, batchSize))
            {
                using var scope = NewDisposeScope();
                using var batch = Collation.Of([.. rows.Select(i => examples[i])], task.Shape, dtype, device);
                var result = model.Evaluate(batch);
                (sum, scored) = (sum + result.LossSum, scored + result.Scored);
                foreach (var (example, prediction) in batch.Examples.Zip(result.Predictions))
                    foreach (var metric in metrics)
                        metric.Add(example, prediction);
            }
        }
        finally
        {
            model.train(wasTraining);
        }
        return new(sum / scored, metrics.SelectMany(metric => metric.Values()).ToDictionary(p => p.Name, p => p.Value));
    }
}
