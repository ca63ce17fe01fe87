using RnnLab.Experiments.Configuration;
using RnnLab.Forcing;
using RnnLab.Training;

namespace RnnLab.Experiments;

/// <summary>The <c>training.forcing</c> section: how probable it is that a step is fed the truth, and what it is fed otherwise.</summary>
internal static class ForcingConfig
{
    private const double Least = 0, Most = 1;

    /// <summary>The plan; null where the section is not given: the truth always, without coins.</summary>
    public static ForcingPlan? Read(ConfigSection training, ulong seed)
    {
        if (!training.Keys.Contains("forcing"))
            return null;
        var section = training.Section("forcing");
        return new(
            ReadSchedule(section),
            section.Choice("per", "step", "step", "epoch") == "epoch" ? ScheduleClock.Epoch : ScheduleClock.Step,
            new TeacherForcing(
                Most,
                section.Choice("coin", "token", "token", "sequence") == "sequence" ? CoinUnit.Sequence : CoinUnit.Token,
                section.Choice("feedback", "argmax", "argmax", "sample") == "sample" ? FeedbackChoice.Sample : FeedbackChoice.Argmax,
                section.Flag("feedback_gradient", false),
                seed));
    }

    /// <summary>The section's tree.</summary>
    public static ConfigTree ToTree(ForcingPlan plan)
    {
        var tree = ScheduleTree(plan.Schedule);
        tree.Add("per", plan.Clock.ToString().ToLowerInvariant());
        tree.Add("coin", plan.Forcing.Coin.ToString().ToLowerInvariant());
        tree.Add("feedback", plan.Forcing.Choice.ToString().ToLowerInvariant());
        tree.Add("feedback_gradient", plan.Forcing.FeedbackGradient);
        return tree;
    }

    private static ConfigTree ScheduleTree(ForcingSchedule schedule) => schedule switch
    {
        ConstantForcing s => new() { { "schedule", "constant" }, { "probability", s.Probability } },
        LinearForcing s => new() { { "schedule", "linear" }, { "k", s.Start }, { "c", s.Slope }, { "epsilon", s.Floor } },
        ExponentialForcing s => new() { { "schedule", "exponential" }, { "k", s.K } },
        InverseSigmoidForcing s => new() { { "schedule", "inverse_sigmoid" }, { "k", s.K } },
        PiecewiseForcing s => new()
        {
            { "schedule", "piecewise" },
            { "at", s.Points.Select(p => p.I).ToArray() },
            { "probabilities", s.Points.Select(p => p.Probability).ToArray() },
        },
        _ => throw new NotSupportedException($"{schedule} has no words in a config"),
    };

    private static ForcingSchedule ReadSchedule(ConfigSection section) => section.Choice("schedule", "always", "always", "never", "constant", "linear", "exponential", "inverse_sigmoid", "piecewise") switch
    {
        "always" => ConstantForcing.Always,
        "never" => ConstantForcing.Never,
        "constant" => new ConstantForcing(section.RequiredNumber("probability", Least, Most)),
        "linear" => ReadLinear(section),
        "exponential" => new ExponentialForcing(section.RequiredNumber("k", above: 0, below: 1)),
        "inverse_sigmoid" => new InverseSigmoidForcing(section.RequiredNumber("k", min: 1)),
        _ => ReadPiecewise(section),
    };

    private static LinearForcing ReadLinear(ConfigSection section)
    {
        var k = section.Number("k", 1, Least, Most);
        return new(k, section.RequiredNumber("c", min: 0), section.Number("epsilon", 0, Least, k));
    }

    private static PiecewiseForcing ReadPiecewise(ConfigSection section)
    {
        var (at, probabilities) = (section.Numbers("at", min: 0), section.Numbers("probabilities", Least, Most));
        if (at.Count == 0 || at.Count != probabilities.Count)
            throw section.Error("at", $"{at.Count} points and {probabilities.Count} probabilities; expected as many of both, at least one");
        for (var i = 1; i < at.Count; i++)
            if (at[i] <= at[i - 1])
                throw section.Error("at", $"{at[i]} after {at[i - 1]}; expected points in ascending order");
        return new([.. at.Zip(probabilities, (x, p) => (x, p))]);
    }
}
