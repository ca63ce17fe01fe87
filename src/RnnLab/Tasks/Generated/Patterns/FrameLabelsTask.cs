using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>Many-to-many in step: the phase behind each frame of a stream of noisy vectors (<see cref="PhaseModel"/>), told from the frames up to it.</summary>
/// <param name="values">The settings.</param>
public sealed class FrameLabelsTask(TaskValues values) : GeneratedTask("frame_labels", ShapeOf(values), values, Overlap.Allowed)
{
    private readonly PhaseModel _model = ModelOf(values);
    private readonly int _length = values.Integer("length");
    private readonly Vocabulary _phases = Vocabulary.Of([.. Enumerable.Range(1, values.Integer("phases")).Select(k => $"phase_{k}")]);
    private IReadOnlyList<Baseline>? _baselines;

    /// <summary>The kind of task.</summary>
    public static TaskKind Kind { get; } = new(
        "frame_labels", "the hidden phase behind each frame of a stream of noisy vectors",
        [
            "Phases 1 .. `phases` in a ring: the first uniform; at each further step the next one with probability 1/dwell, else the same.",
            "Frame: a vector of `features` numbers, normal with unit variance around its phase's mean; means are normal with deviation `separation`, drawn once.",
            "Input: `length` frames. Target at each step: its phase, to be told from the frames up to it.",
            "Levels, means over the validation part: memoryless, -log p(phase | frame) by Bayes' rule with the true densities;",
            "filter, -log p(phase | frames so far) by the forward recursion: the best that any model without the right context can do.",
        ],
        "Rabiner 1989 (hidden Markov models)", (values, _) => new FrameLabelsTask(values),
        [
            new IntegerSetting("phases", "phases of the machine", 5, 2, 100),
            new IntegerSetting("features", "numbers of a frame", 8, 1, 1000),
            new NumberSetting("separation", "standard deviation of the phases' means; the noise's is 1", 0.5, 0, 100),
            new NumberSetting("dwell", "mean steps in a phase", 10, 1, 10_000),
            new IntegerSetting("length", "steps of an example", 60, 1, 10_000),
            .. Sizes(validation: 200),
        ]);

    /// <inheritdoc/>
    public override Vocabulary TargetVocabulary => _phases;

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines => _baselines ??=
    [
        new("memoryless", Loss(frames => [.. Enumerable.Range(0, frames.Length).Select(t => _model.Posterior(frames.At(t)))])),
        new("filter", Loss(_model.Filtered)),
    ];

    /// <inheritdoc/>
    protected override string Rules => $"{_phases.Size} phases, {Shape.Input.Size} features, {_length} steps";

    /// <inheritdoc/>
    protected override Example Draw(Draws draws)
    {
        var (phases, frames) = _model.Draw(draws, _length);
        return new(new RealSteps(frames, Shape.Input.Size), new TokenSteps(phases));
    }

    /// <summary>The mean of −log p(phase) over all steps of the validation part.</summary>
    private double Loss(Func<RealSteps, double[][]> answer) => Levels.AllOf(Validation).Average(example =>
    {
        var p = answer((RealSteps)example.Input);
        return ((TokenSteps)example.Target).Values.Select((phase, t) => -Math.Log(p[t][phase])).Average();
    });

    private static TaskShape ShapeOf(TaskValues values)
        => new(new(ValueKind.Reals, values.Integer("features")), new(ValueKind.Tokens, values.Integer("phases")), TargetPlace.EachStep) { IsCausal = true };

    private static PhaseModel ModelOf(TaskValues values)
    {
        var stream = new RandomStream(values.Seed, "task/frame_labels/means");
        return new([.. Enumerable.Range(0, values.Integer("phases")).Select(phase => Mean(new Draws(stream, phase)))], values.Number("dwell"));

        double[] Mean(Draws draws) => [.. Enumerable.Range(0, values.Integer("features")).Select(_ => values.Number("separation") * draws.Normal())];
    }
}
