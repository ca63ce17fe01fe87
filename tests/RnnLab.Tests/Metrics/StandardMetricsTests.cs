using RnnLab.Metrics;
using RnnLab.Tasks;
using static RnnLab.Tests.Metrics.Answers;

namespace RnnLab.Tests.Metrics;

/// <summary>Which figures suit which examples.</summary>
public sealed class StandardMetricsTests
{
    private static readonly ValueShape Ten = new(ValueKind.Tokens, 10), Many = new(ValueKind.Tokens, 5000), Real = new(ValueKind.Reals, 1), Bits = new(ValueKind.Bits, 1);

    public static TheoryData<TaskShape, string> Shapes => new()
    {
        { new(Ten, Ten, TargetPlace.EachStep), "accuracy sequence_accuracy macro_f1" },
        { new(Ten, Many, TargetPlace.EachStep), "accuracy sequence_accuracy" },
        { new(Ten, Ten, TargetPlace.Sequence), "accuracy macro_f1" },
        { new(Ten, Ten, TargetPlace.OwnSteps), "exact_match token_error_rate" },
        { new(Real, Real, TargetPlace.EachStep), "mse mae" },
        { new(Real, Real, TargetPlace.Sequence), "mse mae" },
        { new(Real, Real, TargetPlace.EachStep) { IsAutoregressive = true }, "mse mae persistence_mse persistence_mae" },
        { new(Bits, Bits, TargetPlace.EachStep), "frame_nll frame_accuracy" },
        { new(Bits, Bits, TargetPlace.EachStep) { IsAutoregressive = true }, "frame_nll frame_accuracy" },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_form_of_examples_has_its_figures(TaskShape shape, string names)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var answer = shape.Target.Kind == ValueKind.Tokens ? Tokens([1], [1]) : Vectors(1, [1], [1]);
        Assert.Equal(names, string.Join(' ', StandardMetrics.For(shape).SelectMany(metric => Of(metric, answer).Keys)));
    }

    [Fact]
    public void Each_call_gives_empty_metrics()
    {
        var shape = new TaskShape(Ten, Ten, TargetPlace.Sequence);
        Of(StandardMetrics.For(shape)[0], Tokens([1], [1]));
        Assert.All(StandardMetrics.For(shape), metric => Assert.Empty(metric.Values()));
        Assert.Throws<ArgumentException>(() => StandardMetrics.For(new(Ten, Real, TargetPlace.OwnSteps)));
    }
}
