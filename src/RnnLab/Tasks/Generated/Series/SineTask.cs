namespace RnnLab.Tasks;

/// <summary>
/// Mixtures of sines: x_t = √(2(1 − ς²)/K) Σ_k sin(2πt/P_k + φ_k) + ς ε_t, periods P_k and phases φ_k of the example's own, ε standard normal; variance 1.
/// </summary>
/// <param name="values">The settings.</param>
public sealed class SineTask(TaskValues values)
    : GeneratedTask("sine", ShapeOf(values), values, Overlap.Allowed)
{
    private readonly int _components = values.Integer("components"), _length = values.Integer("length"), _horizon = values.Integer("horizon");
    private readonly double _noise = values.Number("noise"), _shortest = values.Number("min_period"), _longest = Longest(values);
    private double? _persistence;

    /// <summary>The kind of task.</summary>
    public static TaskKind Kind { get; } = new(
        "sine", "forecast of mixtures of sines, each example with periods and phases of its own",
        [
            "Series: x_t = sqrt(2(1 - noise^2)/components) sum_k sin(2 pi t/P_k + phi_k) + noise e_t, of variance 1;",
            "P_k uniform in [min_period, max_period], phi_k in [0, 2 pi), e_t standard normal. Input: x_0 .. x_{length-1}. Target at each step: x_{t+horizon}.",
            "Level of repeating the last value (persistence): its mean squared error on the validation part.",
        ],
        "no paper: a mixture of sines", (values, _) => new SineTask(values),
        [
            new IntegerSetting("length", "steps of an example", 100, 1, 10_000),
            new IntegerSetting("horizon", "steps from an input to its target", 1, 1, 1000),
            new IntegerSetting("components", "sines in a mixture", 3, 1, 100),
            new NumberSetting("min_period", "the shortest period, in steps", 10, 2, 100_000),
            new NumberSetting("max_period", "the longest period, in steps", 50, 2, 100_000),
            new NumberSetting("noise", "standard deviation of the noise", 0, 0, 0.99),
            .. Sizes(validation: 200),
        ]);

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("persistence", _persistence ??= Levels.Persistence(Validation))];

    /// <inheritdoc/>
    protected override string Rules => $"{_components} sines of periods from {_shortest} to {_longest}, noise {_noise}, {_length} steps, each answered {_horizon} ahead";

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        var x = new double[_length + _horizon];
        for (var k = 0; k < _components; k++)
        {
            var (frequency, phase) = (2 * Math.PI / draws.Uniform(_shortest, _longest), draws.Uniform(0, 2 * Math.PI));
            for (var t = 0; t < x.Length; t++)
                x[t] += Math.Sqrt(2 * (1 - _noise * _noise) / _components) * Math.Sin(frequency * t + phase);
        }
        for (var t = 0; t < x.Length && _noise > 0; t++)
            x[t] += _noise * draws.Normal();
        return new(new RealSteps(x[..^_horizon], 1), new RealSteps(x[_horizon..], 1));
    }

    private static TaskShape ShapeOf(TaskValues values)
        => new(new(ValueKind.Reals, 1), new(ValueKind.Reals, 1), TargetPlace.EachStep) { IsAutoregressive = values.Integer("horizon") == 1, IsCausal = true };

    private static double Longest(TaskValues values) => values.Number("max_period") is var longest && longest >= values.Number("min_period")
        ? longest
        : throw values.Error("max_period", $"{longest} is less than min_period, {values.Number("min_period")}");
}
