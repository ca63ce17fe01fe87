using RnnLab.Forcing;

namespace RnnLab.Tests.Forcing;

public sealed class ForcingScheduleTests
{
    [Fact]
    public void Linear_falls_by_its_slope_down_to_its_floor()
    {
        var schedule = new LinearForcing(0.9, 0.25, 0.1);
        Assert.Equal(0.9, schedule.At(0));
        Assert.Equal(0.65, schedule.At(1), 15);
        Assert.Equal(0.275, schedule.At(2.5), 15);
        Assert.Equal(0.1, schedule.At(4));
        Assert.Equal(0.1, schedule.At(1e300));
    }

    [Fact]
    public void Exponential_is_the_power()
    {
        var schedule = new ExponentialForcing(0.5);
        Assert.Equal([1, 0.5, 0.125], new[] { 0.0, 1, 3 }.Select(schedule.At));
        Assert.Equal(Math.Sqrt(0.5), schedule.At(0.5), 15);
        Assert.Equal(0, schedule.At(1e6));
    }

    [Fact]
    public void Inverse_sigmoid_starts_at_k_of_k_plus_one_and_is_a_half_at_k_ln_k()
    {
        var schedule = new InverseSigmoidForcing(10);
        Assert.Equal(10.0 / 11, schedule.At(0), 15);
        Assert.Equal(0.5, schedule.At(10 * Math.Log(10)), 14);
        Assert.Equal(10 / (10 + Math.Exp(0.7)), schedule.At(7), 15);
        Assert.Equal(0, schedule.At(1e9));
        Assert.Equal(0.5, new InverseSigmoidForcing(1).At(0));
    }

    [Fact]
    public void Piecewise_goes_straight_between_its_points_and_stays_outside()
    {
        var schedule = new PiecewiseForcing([(10, 1), (20, 0.5), (40, 0.7)]);
        Assert.Equal([1, 1, 0.75, 0.5, 0.6, 0.7, 0.7], new[] { 0.0, 10, 15, 20, 30, 40, 1e9 }.Select(i => Math.Round(schedule.At(i), 14)));
        Assert.Equal(0.3, new PiecewiseForcing([(5, 0.3)]).At(99));
        Assert.Equal(schedule, new PiecewiseForcing([(10, 1), (20, 0.5), (40, 0.7)]));
        Assert.NotEqual(schedule, new PiecewiseForcing([(10, 1), (20, 0.5), (40, 0.8)]));
    }

    public static TheoryData<string> OutOfRange =>
    [
        "constant 1.1", "constant -0.1", "constant nan", "linear start", "linear slope", "linear floor", "linear floor over start", "exponential 1",
        "exponential 0", "sigmoid 0.9", "sigmoid inf", "piecewise p", "piecewise i", "always at -1", "linear at -1", "linear at nan",
    ];

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_parameter_out_of_its_range_is_refused(string what)
    {
        Action make = what switch
        {
            "constant 1.1" => () => _ = new ConstantForcing(1.1),
            "constant -0.1" => () => _ = new ConstantForcing(-0.1),
            "constant nan" => () => _ = new ConstantForcing(double.NaN),
            "linear start" => () => _ = new LinearForcing(1.5, 0.1),
            "linear slope" => () => _ = new LinearForcing(1, -0.1),
            "linear floor" => () => _ = new LinearForcing(1, 0.1, -0.5),
            "linear floor over start" => () => _ = new LinearForcing(0.5, 0.1, 0.6),
            "exponential 1" => () => _ = new ExponentialForcing(1),
            "exponential 0" => () => _ = new ExponentialForcing(0),
            "sigmoid 0.9" => () => _ = new InverseSigmoidForcing(0.9),
            "sigmoid inf" => () => _ = new InverseSigmoidForcing(double.PositiveInfinity),
            "piecewise p" => () => _ = new PiecewiseForcing([(0, 1.5)]),
            "piecewise i" => () => _ = new PiecewiseForcing([(-1, 1)]),
            "always at -1" => () => new ExponentialForcing(0.5).At(-1),
            "linear at -1" => () => new LinearForcing(1, 0.1).At(-1),
            _ => () => new LinearForcing(1, 0.1).At(double.NaN),
        };
        Assert.Throws<ArgumentOutOfRangeException>(make);
    }

    [Fact]
    public void Points_that_do_not_grow_are_refused()
    {
        Assert.Contains("growing order", Assert.Throws<ArgumentException>(() => new PiecewiseForcing([(3, 1), (3, 0)])).Message, StringComparison.Ordinal);
        Assert.Contains("needs a point", Assert.Throws<ArgumentException>(() => new PiecewiseForcing([])).Message, StringComparison.Ordinal);
    }
}
