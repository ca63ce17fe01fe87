using RnnLab.Analysis;

namespace RnnLab.Tests.Analysis;

/// <summary>The gradcheck library itself.</summary>
public sealed class CentralDifferencesTests
{
    [Fact]
    public void A_known_derivative_is_met_and_the_variable_is_put_back()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 0.3, -1.2, 2.0 });
        var original = x.clone();
        // d/dx Σ sin x = cos x
        var d = CentralDifferences.Of(() => x.sin().sum().item<double>(), x);
        Assert.InRange(Difference.Of(d, x.cos()), 0, 1e-9);
        Assert.True(x.equal(original).all().item<bool>());
    }

    [Fact]
    public void A_small_gradient_of_a_large_loss_is_met_by_five_points()
    {
        using var scope = NewDisposeScope();
        // f = 1 + 1e-6 · x³: three points would know f' to about 1e-11 of 3e-6, five points to 1e-13.
        var x = tensor(new[] { 1.0 });
        var d = CentralDifferences.Of(() => 1 + 1e-6 * Math.Pow(x.item<double>(), 3), x);
        Assert.InRange(Math.Abs(d.item<double>() - 3e-6) / 3e-6, 0, 1e-7);
    }

    [Fact]
    public void Chosen_elements_alone_are_tried()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, 2.0, 3.0 });
        var d = CentralDifferences.Of(() => x.square().sum().item<double>(), x, [2, 0]);
        Assert.InRange(Difference.Of(d, tensor(new[] { 6.0, 2.0 })), 0, 1e-9);
    }

    [Fact]
    public void A_float32_variable_is_refused()
        => Assert.Throws<ArgumentException>(() => CentralDifferences.Of(() => 0, zeros(3)));

    [Fact]
    public void The_metric_is_relative_to_the_reference_and_nan_is_never_equal()
    {
        using var scope = NewDisposeScope();
        // max|a − b| = .5, ‖b‖∞ = 4
        Assert.Equal(0.125, Difference.Of(tensor(new[] { 1.0, 4.5 }), tensor(new[] { 1.0, 4.0 })));
        Assert.Equal(double.PositiveInfinity, Difference.Of(tensor(new[] { double.NaN }), tensor(new[] { 1.0 })));
        Assert.Equal(double.PositiveInfinity, Difference.Of(tensor(new[] { double.PositiveInfinity }), tensor(new[] { double.PositiveInfinity })));
        Assert.Throws<ArgumentException>(() => Difference.Of(zeros(2), zeros(3)));
    }
}
