using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class ChaoticSeriesTests
{
    [Fact]
    public void The_Lorenz_trajectory_has_the_derivative_of_its_equations()
    {
        // Central differences of points 1e-3 apart; their own error is h²/6·x''' ≈ 1e-3 where x''' is near 5000.
        var points = Lorenz.From([1, 2, 20], 2000, 10, 1e-4).ToArray();
        for (var i = 1; i < points.Length - 1; i += 97)
        {
            var (x, y, z) = (points[i][0], points[i][1], points[i][2]);
            double[] slopes = [10 * y - 10 * x, 28 * x - y - x * z, x * y - 8 * z / 3];
            for (var d = 0; d < 3; d++)
                Assert.Equal(slopes[d], (points[i + 1][d] - points[i - 1][d]) / 2e-3, 0.05);
        }
    }

    [Fact]
    public void Half_the_step_divides_the_Lorenz_error_by_sixteen()
    {
        double[] End(int parts) => Lorenz.From([1, 2, 20], 1, 20 * parts, 0.01 / parts).Single();
        var exact = End(32);
        double Error(int parts) => End(parts).Zip(exact, (a, b) => Math.Abs(a - b)).Max();
        Assert.InRange(Error(1) / Error(2), 14, 18);
        Assert.InRange(Error(1), 1e-12, 1e-5);
    }

    [Fact]
    public void The_Lorenz_fixed_points_stay()
    {
        var side = Math.Sqrt(8.0 / 3 * 27);
        Assert.All(Lorenz.Derivative([side, side, 27]), slope => Assert.Equal(0, slope, 1e-12));
        Assert.All(Lorenz.Derivative([0, 0, 0]), slope => Assert.Equal(0, slope));
    }

    [Fact]
    public void The_Mackey_Glass_series_has_the_derivative_of_its_equation()
    {
        const int perUnit = 50;
        var x = MackeyGlass.From(1.2, 17, perUnit, 200 * perUnit);
        for (var i = 20 * perUnit; i < x.Length - 1; i += 61)
        {
            // x[i] is x((i + 1)h); the constant past is 1.2.
            var delayed = x[i - 17 * perUnit];
            Assert.Equal(0.2 * delayed / (1 + Math.Pow(delayed, 10)) - 0.1 * x[i], (x[i + 1] - x[i - 1]) * perUnit / 2, 2e-4);
        }
    }

    [Fact]
    public void The_Mackey_Glass_error_falls_with_the_fourth_power_of_the_step()
    {
        // Up to t = 16 the delayed value is the constant past: x' = a − 0.1 x has the solution 10a + (1.2 − 10a)·e^(−t/10).
        var a = 0.2 * 1.2 / (1 + Math.Pow(1.2, 10));
        Assert.Equal(10 * a + (1.2 - 10 * a) * Math.Exp(-1.6), MackeyGlass.From(1.2, 17, 10, 160)[^1], 1e-9);

        double[] At(int perUnit) => [.. MackeyGlass.From(1.2, 17, perUnit, 60 * perUnit).Where((_, i) => (i + 1) % perUnit == 0)];
        var exact = At(64);
        double Error(int perUnit) => At(perUnit).Zip(exact, (p, q) => Math.Abs(p - q)).Max();
        Assert.InRange(Error(4) / Error(8), 10, 24);
        Assert.InRange(Error(MackeyGlass.StepsPerUnit), 0, 1e-6);
    }

    [Fact]
    public void Windows_are_cut_from_the_scaled_series_validation_after_training()
    {
        // The series 0, 1, 2, … makes a window's place readable: value = scaled · deviation + mean of the training part 0 … 199.
        var values = Lorenz.Kind.Values(3, ("length", 10), ("horizon", 3), ("training_points", 200), ("validation_points", 100), ("observed", "x"));
        var task = new SeriesTask("line", values, [.. Enumerable.Range(0, 300).Select(i => (double)i)], 1);
        var deviation = Math.Sqrt((200.0 * 200 - 1) / 12);
        double[] Unscaled(StepValues steps) => [.. ((RealSteps)steps).Values.Select(value => Math.Round(value * deviation + 99.5, 6))];

        Assert.False(task.Shape.IsAutoregressive);
        var starts = task.Training.First(3000).Select(example =>
        {
            var (input, target) = (Unscaled(example.Input), Unscaled(example.Target));
            Assert.Equal(Enumerable.Range((int)input[0], 10).Select(i => (double)i), input);
            Assert.Equal(input.Select(value => value + 3), target);
            return (int)input[0];
        }).ToArray();
        Assert.Equal((0, 187), (starts.Min(), starts.Max())); // the last target is at most point 199
        var validation = task.Evaluation[0].Examples;
        Assert.Equal([200, 210, 220, 230, 240, 250, 260, 270, 280], validation.All().Select(example => (int)Unscaled(example.Input)[0]));
        Assert.Equal(9 / (deviation * deviation), Assert.Single(task.Baselines).Loss, 1e-12); // each step of 3 is missed by 3
        Assert.Equal(10, validation.InputLength(0));
    }

    [Theory]
    [InlineData("lorenz", "xyz", 3)]
    [InlineData("lorenz", "x", 1)]
    [InlineData("mackey_glass", null, 1)]
    public void The_training_part_has_variance_one_and_the_series_goes_on(string name, string? observed, int width)
    {
        var kind = PatternTasks.All.Single(kind => kind.Name == name);
        (string, object)[] given = [("training_points", 2000), ("validation_points", 500), ("length", 499)];
        var task = kind.Make(observed is null ? given : [.. given, ("observed", observed)]);
        Assert.True(task.Shape.IsAutoregressive);
        Assert.Equal(width, task.Shape.Input.Size);
        var numbers = task.Training.First(200).SelectMany(example => example.RealInput()).ToArray();
        Assert.InRange(numbers.Average(value => value * value), 0.8, 1.2);
        var example = task.Evaluation[0].Examples[0];
        Assert.Equal(example.RealInput()[width..], example.RealTarget()[..^width]);
    }

    [Fact]
    public void A_part_that_is_shorter_than_a_window_is_refused()
    {
        var error = Assert.Throws<UserException>(() => Lorenz.Kind.Make(("validation_points", 100)));
        Assert.Equal("x.yaml:1: task.validation_points: 100 points are no window with its target: length + horizon = 101 are needed", error.Message);
    }
}
