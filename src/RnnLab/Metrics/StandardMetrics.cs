using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary>The metrics that suit a form of examples.</summary>
public static class StandardMetrics
{
    /// <summary>New, empty metrics for a shape.</summary>
    public static IReadOnlyList<IMetric> For(TaskShape shape) => throw new NotImplementedException(shape.ToString());
}
