using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>
/// The delay equation of Mackey and Glass (1977): x'(t) = β x(t − τ) / (1 + x(t − τ)ⁿ) − γ x(t) with β = 0.2, γ = 0.1, n = 10; chaotic from τ = 17 on.
/// </summary>
/// <remarks>
/// Fourth-order Runge–Kutta. The delayed value in the middle of a step is the cubic Hermite interpolation of the two points around it and their derivatives, which
/// keeps the order of the method.
/// </remarks>
public static class MackeyGlass
{
    /// <summary>Steps of the integration in a time unit: the step is 0.1.</summary>
    public const int StepsPerUnit = 10;

    /// <summary>Time units before the first point, in which the trajectory comes to the attractor.</summary>
    private const int Settling = 1000;

    /// <summary>The kind of task.</summary>
    public static TaskKind Kind { get; } = new(
        "mackey_glass", "forecast of the Mackey-Glass delay equation",
        [
            "Series: x'(t) = 0.2 x(t - delay) / (1 + x(t - delay)^10) - 0.1 x(t), from x(t) = a random constant of [0.5, 1.5] for t <= 0.",
            "Fourth-order Runge-Kutta, step 0.1, delayed values in the middle of a step by cubic Hermite interpolation; the first 1000 time units are dropped.",
            "A value is taken every `sampling` time units.",
            .. SeriesTask.Rules,
        ],
        "Mackey and Glass 1977", (values, _) => SeriesTask.Of("mackey_glass", values, 1, count => Observed(values, count)),
        [
            new IntegerSetting("delay", "the equation's delay in time units; chaotic from 17 on", 17, 1, 100),
            new IntegerSetting("sampling", "time units between values", 1, 1, 10),
            .. SeriesTask.Settings,
        ]);

    /// <summary>The values x(h), x(2h), …, of the step h = 1 / <paramref name="stepsPerUnit"/>.</summary>
    /// <param name="past">x(t) for t ≤ 0.</param>
    /// <param name="delay">τ in time units.</param>
    /// <param name="stepsPerUnit">Steps of the integration in a time unit, at least 2.</param>
    /// <param name="steps">How many.</param>
    public static double[] From(double past, int delay, int stepsPerUnit, int steps)
    {
        var h = 1.0 / stepsPerUnit;
        var lag = delay * stepsPerUnit;
        var (x, slopes) = (new double[steps + 1], new double[steps + 1]);
        x[0] = past;
        for (var k = 0; k < steps; k++)
        {
            var (before, middle, after) = (At(k - lag), Between(k - lag), At(k - lag + 1));
            var k1 = slopes[k] = Slope(x[k], before);
            var k2 = Slope(x[k] + h / 2 * k1, middle);
            var k3 = Slope(x[k] + h / 2 * k2, middle);
            var k4 = Slope(x[k] + h * k3, after);
            x[k + 1] = x[k] + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
        }
        return x[1..];

        double At(int i) => i <= 0 ? past : x[i];

        // Both slopes are known: the interval ends two steps back or earlier.
        double Between(int i) => i < 0 ? past : (x[i] + x[i + 1]) / 2 + h / 8 * (slopes[i] - slopes[i + 1]);
    }

    private static double Slope(double x, double delayed) => 0.2 * delayed / (1 + Math.Pow(delayed, 10)) - 0.1 * x;

    private static IEnumerable<double> Observed(TaskValues values, int count)
    {
        var past = new Draws(new RandomStream(values.Seed, "task/mackey_glass/start"), 0).Uniform(0.5, 1.5);
        var between = StepsPerUnit * values.Integer("sampling");
        var first = StepsPerUnit * Settling;
        var x = From(past, values.Integer("delay"), StepsPerUnit, first + count * between);
        return Enumerable.Range(1, count).Select(i => x[first + i * between - 1]);
    }
}
