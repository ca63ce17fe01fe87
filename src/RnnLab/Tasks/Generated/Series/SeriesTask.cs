using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>
/// Forecasting one long series: the input of an example is a window of it, and the target at each step is the point <c>horizon</c> steps after it. Training windows begin
/// anywhere in the training part; validation windows follow one another in the validation part, which comes after it.
/// </summary>
public sealed class SeriesTask : ExampleTask
{
    private readonly double[] _series;
    private readonly int _width, _length, _horizon;
    private readonly Lazy<double> _persistence;

    /// <summary>The task of a series.</summary>
    /// <param name="name">The kind's name.</param>
    /// <param name="values">Its settings, those of <see cref="Settings"/> among them.</param>
    /// <param name="series">Point after point, as many as the settings' two parts have; each number is scaled by its mean and deviation in the training part.</param>
    /// <param name="width">Numbers of a point.</param>
    /// <exception cref="UserException">A part is shorter than a window with its horizon.</exception>
    public SeriesTask(string name, TaskValues values, double[] series, int width)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(series);
        (_width, _length, _horizon) = (width, values.Integer("length"), values.Integer("horizon"));
        var (training, validation) = (Points(values, "training_points"), Points(values, "validation_points"));
        _series = Scaled(series, width, training);
        Shape = new(new(ValueKind.Reals, width), new(ValueKind.Reals, width), TargetPlace.EachStep) { IsAutoregressive = _horizon == 1, IsCausal = true };

        var stream = new RandomStream(values.Seed, $"task/{name}/train");
        var starts = training - _length - _horizon + 1;
        Training = new Windows(i => Window((int)(stream.Uniform((ulong)i) * starts)), values.Long("examples") is > 0 and var count ? count : null, _length);
        Evaluation = [new("validation", new Windows(i => Window(training + (int)i * _length), (validation - _horizon) / _length, _length))];
        Description = $"{name}: one series, {training:N0} points for training, {validation:N0} for validation in windows of {_length}, each answered {_horizon} ahead";
        _persistence = new(() => Levels.Persistence(Evaluation[0].Examples));
    }

    /// <inheritdoc/>
    public override TaskShape Shape { get; }

    /// <inheritdoc/>
    public override IExamples Training { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ExampleSet> Evaluation { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => [new("persistence", _persistence.Value)];

    /// <inheritdoc/>
    public override string Description { get; }

    /// <summary>The settings of every task of this form.</summary>
    internal static IReadOnlyList<TaskSetting> Settings { get; } =
    [
        new IntegerSetting("length", "steps of a window", 100, 1, 10_000),
        new IntegerSetting("horizon", "steps from an input to its target", 1, 1, 1000),
        new IntegerSetting("training_points", "points of the training part", 10_000, 100, 100_000),
        new IntegerSetting("validation_points", "points of the validation part, which follows it", 5000, 100, 100_000),
        new IntegerSetting("examples", "training windows; 0 for no end of them", 0, 0, 1_000_000_000),
    ];

    /// <summary>The definition's lines of every task of this form.</summary>
    internal static IReadOnlyList<string> Rules { get; } =
    [
        "Scaling: mean 0 and variance 1 of each number on the training part, which is the first `training_points`; the next `validation_points` are for validation.",
        "Input: a window of `length` points. Target at each step: the point `horizon` steps later.",
        "Training windows begin at random, validation windows follow one another.",
        "Level of repeating the last value (persistence): its mean squared error on the validation windows.",
    ];

    /// <summary>The task of a series that is made to the length that the settings ask for.</summary>
    /// <param name="name">The kind's name.</param>
    /// <param name="values">Its settings.</param>
    /// <param name="width">Numbers of a point.</param>
    /// <param name="series">The numbers of so many points.</param>
    internal static SeriesTask Of(string name, TaskValues values, int width, Func<int, IEnumerable<double>> series)
        => new(name, values, [.. series(Points(values, "training_points") + Points(values, "validation_points"))], width);

    private static int Points(TaskValues values, string part)
    {
        var (points, needed) = (values.Integer(part), values.Long("length") + values.Long("horizon"));
        return points >= needed ? points : throw values.Error(part, $"{points} points are no window with its target: length + horizon = {needed} are needed");
    }

    private static double[] Scaled(double[] series, int width, int training)
    {
        var scaled = new double[series.Length];
        for (var column = 0; column < width; column++)
        {
            var part = Enumerable.Range(0, training).Select(i => series[i * width + column]).ToArray();
            var mean = part.Average();
            var deviation = Math.Sqrt(part.Average(value => (value - mean) * (value - mean)));
            for (var i = column; i < series.Length; i += width)
                scaled[i] = (series[i] - mean) / deviation;
        }
        return scaled;
    }

    private Example Window(int start) => new(Points(start), Points(start + _horizon));

    private RealSteps Points(int start) => new(_series[(start * _width)..((start + _length) * _width)], _width);

    /// <summary>Windows, whose length is known without making one.</summary>
    private sealed class Windows(Func<long, Example> window, long? count, int length) : IExamples
    {
        private readonly GeneratedExamples _examples = new(window, count);

        public long? Count => count;

        public Example this[long index] => _examples[index];

        public int InputLength(long index) => length;
    }
}
