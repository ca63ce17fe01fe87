using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>
/// The system of Lorenz (1963): x' = σ(y − x), y' = x(ρ − z) − y, z' = xy − βz with σ = 10, ρ = 28, β = 8/3. Integrated by <see cref="RungeKutta"/>.
/// </summary>
public static class Lorenz
{
    /// <summary>The step of the integration, in time units.</summary>
    public const double Step = 0.01;

    /// <summary>Time units before the first point, in which the trajectory comes to the attractor.</summary>
    private const int Settling = 50;

    /// <summary>The kind of task.</summary>
    public static TaskKind Kind { get; } = new(
        "lorenz", "forecast of the Lorenz system",
        [
            "Series: x' = 10(y - x), y' = x(28 - z) - y, z' = xy - 8/3 z, from a random point of [0, 2]^3.",
            "Fourth-order Runge-Kutta, step 0.01; the first 50 time units are dropped.",
            "A point is taken every `sampling` steps of 0.01. `observed` says whether x alone is seen or all three.",
            .. SeriesTask.Rules,
        ],
        "Lorenz 1963", (values, _) => SeriesTask.Of("lorenz", values, values.Word("observed") == "xyz" ? 3 : 1, count => Observed(values, count)),
        [
            new IntegerSetting("sampling", "hundredths of a time unit between points", 5, 1, 1000),
            new WordSetting("observed", "what is seen of a point", "x", "x", "xyz"),
            .. SeriesTask.Settings,
        ]);

    /// <summary>x'.</summary>
    /// <param name="point">(x, y, z).</param>
    public static double[] Derivative(double[] point)
    {
        ArgumentNullException.ThrowIfNull(point);
        var (x, y, z) = (point[0], point[1], point[2]);
        return [10 * (y - x), x * (28 - z) - y, x * y - 8.0 / 3 * z];
    }

    /// <summary>The trajectory from a point, without its first point.</summary>
    /// <param name="point">Where it starts, (x, y, z).</param>
    /// <param name="count">Points to give.</param>
    /// <param name="between">Steps of the integration between them.</param>
    /// <param name="step">The step of the integration, in time units.</param>
    public static IEnumerable<double[]> From(double[] point, int count, int between, double step = Step)
    {
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < between; j++)
                point = RungeKutta.Step(Derivative, point, step);
            yield return point;
        }
    }

    private static IEnumerable<double> Observed(TaskValues values, int count)
    {
        var start = new Draws(new RandomStream(values.Seed, "task/lorenz/start"), 0);
        var settled = From([start.Uniform(0, 2), start.Uniform(0, 2), start.Uniform(0, 2)], 1, (int)(Settling / Step)).Single();
        var points = From(settled, count, values.Integer("sampling"));
        return values.Word("observed") == "xyz" ? points.SelectMany(point => point) : points.Select(point => point[0]);
    }
}
