namespace RnnLab.Tasks;

/// <summary>
/// System identification of NARMA-10 (Atiya and Parlos 2000): y_{t+1} = 0.3 y_t + 0.05 y_t Σ_{i=0..9} y_{t−i} + 1.5 u_{t−9} u_t + 0.1, u uniform in [0, 0.5].
/// </summary>
/// <param name="values">The settings.</param>
public sealed class NarmaTask(TaskValues values)
    : GeneratedTask("narma10", new(new(ValueKind.Reals, 1), new(ValueKind.Reals, 1), TargetPlace.EachStep), values, Overlap.Allowed)
{
    /// <summary>A target beyond it is on its way to infinity: the equation's upper, unstable fixed point at the mean input is near 1.02.</summary>
    private const double Bound = 1;

    private readonly int _length = values.Integer("length");
    private double? _mean;

    /// <summary>The kind of task.</summary>
    public static TaskKind Kind { get; } = new(
        "narma10", "identification of the tenth-order NARMA system from its input",
        [
            "y_{t+1} = 0.3 y_t + 0.05 y_t (y_t + .. + y_{t-9}) + 1.5 u_{t-9} u_t + 0.1 with u_t uniform in [0, 0.5]; u and y are 0 before the first step.",
            "Input at step t: u_t. Target: y_{t+1}. An input sequence that takes y above 1 (it would diverge) is drawn again.",
            "Level of the best constant (mean): the variance of the validation part's targets.",
        ],
        "Atiya and Parlos 2000", (values, _) => new NarmaTask(values),
        [new IntegerSetting("length", "steps of an example", 100, 10, 2000), .. Sizes(validation: 200)]);

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("mean", _mean ??= Levels.BestConstant(Validation))];

    /// <inheritdoc/>
    protected override string Rules => $"{_length} steps";

    /// <summary>The system's outputs y_1, …, y_T to the inputs u_0, …, u_{T−1}.</summary>
    public static double[] Outputs(double[] u)
    {
        ArgumentNullException.ThrowIfNull(u);
        var y = new double[u.Length + 1];
        for (var t = 0; t < u.Length; t++)
            y[t + 1] = 0.3 * y[t] + 0.05 * y[t] * y[Math.Max(0, t - 9)..(t + 1)].Sum() + 1.5 * (t >= 9 ? u[t - 9] : 0) * u[t] + 0.1;
        return y[1..];
    }

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        while (true)
        {
            var u = new double[_length];
            for (var t = 0; t < u.Length; t++)
                u[t] = draws.Uniform(0, 0.5);
            var y = Outputs(u);
            if (y.All(value => value <= Bound))
                return new(new RealSteps(u, 1), new RealSteps(y, 1));
        }
    }
}
