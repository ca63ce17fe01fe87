using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary>The metrics that suit a form of examples.</summary>
public static class StandardMetrics
{
    // Of more classes most are too rare in a validation part for an F1 of their own.
    private const int MostClasses = 1000;

    /// <summary>New, empty metrics for a shape.</summary>
    /// <exception cref="ArgumentException">The targets are sequences of their own, and no tokens.</exception>
    public static IReadOnlyList<IMetric> For(TaskShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return (shape.Target.Kind, shape.Place) switch
        {
            (ValueKind.Tokens, TargetPlace.OwnSteps) => [new ExactMatch(), new TokenErrorRate()],
            (_, TargetPlace.OwnSteps) => throw new ArgumentException("targets that are sequences of their own must be tokens", nameof(shape)),
            (ValueKind.Tokens, TargetPlace.EachStep) when shape.Target.Size > MostClasses => [new Accuracy(), new SequenceAccuracy()],
            (ValueKind.Tokens, TargetPlace.EachStep) when shape.IsAutoregressive => [new Accuracy(), new SequenceAccuracy(), new MacroF1(), new TokenCrossEntropy()],
            (ValueKind.Tokens, TargetPlace.EachStep) => [new Accuracy(), new SequenceAccuracy(), new MacroF1()],
            (ValueKind.Tokens, _) => [new Accuracy(), new MacroF1()],
            (ValueKind.Bits, _) => [new FrameNll(), new FrameAccuracy()],
            _ when shape.IsAutoregressive =>
                [new MeanSquaredError(), new MeanAbsoluteError(), new MeanSquaredError(ofPersistence: true), new MeanAbsoluteError(ofPersistence: true)],
            _ => [new MeanSquaredError(), new MeanAbsoluteError()],
        };
    }
}
