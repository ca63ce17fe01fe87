using RnnLab.Tests.Support;
using RnnLab.Training;

namespace RnnLab.Tests.Training;

public sealed class GradientClippingTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(3)]
    [InlineData(1000)]
    public void By_norm_equals_clip_grad_norm(double bound)
    {
        var (mine, torchs) = (NewParameters(), NewParameters());
        var norm = nn.utils.clip_grad_norm_(torchs, bound);
        // One product and one quotient in either, in another order: a few ulp.
        Assert.Equal(norm, new GradientClipping(MaxNorm: bound).Apply(mine), norm * 1e-15);
        foreach (var (a, b) in mine.Zip(torchs))
            Same.Within(1e-15, b.grad!, a.grad!);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(100)]
    public void By_value_equals_clip_grad_value(double bound)
    {
        var (mine, torchs) = (NewParameters(), NewParameters());
        nn.utils.clip_grad_value_(torchs, bound);
        new GradientClipping(MaxValue: bound).Apply(mine);
        foreach (var (a, b) in mine.Zip(torchs))
            Same.Exactly(b.grad!, a.grad!);
    }

    [Theory]
    [InlineData(0.5, null), InlineData(3.0, null), InlineData(1000.0, null), InlineData(0.5, 0.25), InlineData(null, 0.25), InlineData(null, null)]
    public void A_norm_and_a_scale_that_stay_on_the_device_equal_those_that_are_read(double? maxNorm, double? maxValue)
    {
        var parameters = NewParameters();
        var clipping = new GradientClipping(maxNorm, maxValue);
        var (norm, clip) = clipping.Measure(parameters);
        var (there, clipThere) = clipping.MeasureOnDevice(parameters);
        Assert.Equal(norm, there.item<double>(), norm * 1e-15);
        Assert.Equal(maxNorm is not null, clipThere.DeviceScale is not null);
        foreach (var p in parameters)
            Same.Within(1e-15, clip.Of(p.grad!), clipThere.Of(p.grad!));
    }

    [Fact]
    public void Without_gradients_the_norm_on_the_device_is_zero()
        => Assert.Equal(0, new GradientClipping(1).MeasureOnDevice([new(zeros(3))]).Norm.item<double>());

    [Fact]
    public void The_norm_is_that_of_all_gradients_before_clipping()
    {
        // √(3² + 4² + 12²) = 13; by value 4 leaves (3, 4), (4, 0) of norm √41, and by norm 2 that times 2 / (√41 + 1e-6).
        Parameter[] parameters = [new(zeros(2, ScalarType.Float64)), new(zeros(2, ScalarType.Float64)), new(zeros(3, ScalarType.Float64))];
        parameters[0].grad = tensor(new[] { 3.0, 4 });
        parameters[1].grad = tensor(new[] { 12.0, 0 });
        Assert.Equal(13, new GradientClipping(MaxNorm: 2, MaxValue: 4).Apply(parameters), 1e-14);
        var scale = 2 / (Math.Sqrt(41) + 1e-6);
        Same.Within(1e-15, tensor(new[] { 3 * scale, 4 * scale }), parameters[0].grad!);
        Same.Within(1e-15, tensor(new[] { 4 * scale, 0 }), parameters[1].grad!);
        Assert.Null(parameters[2].grad);
    }

    [Fact]
    public void A_norm_within_the_bound_leaves_the_gradients_as_they_are()
    {
        var parameters = NewParameters();
        var before = parameters.Select(p => p.grad!.clone()).ToArray();
        new GradientClipping(MaxNorm: 1000).Apply(parameters);
        new GradientClipping().Apply(parameters);
        foreach (var (p, grad) in parameters.Zip(before))
            Same.Exactly(grad, p.grad!);
    }

    private static Parameter[] NewParameters()
    {
        long[][] shapes = [[4, 3], [7], [2, 5]];
        return [.. shapes.Select((shape, i) => new Parameter(zeros(shape, ScalarType.Float64)) { grad = Draw.Uniform($"gradient {i}", shape) * 3 })];
    }
}
