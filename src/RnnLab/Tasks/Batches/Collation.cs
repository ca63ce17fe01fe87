using RnnLab.Recurrence.Sequences;

namespace RnnLab.Tasks;

/// <summary>Examples to batches.</summary>
public static class Collation
{
    /// <summary>A batch of examples, whose tensors no dispose scope ends.</summary>
    /// <param name="examples">At least one.</param>
    /// <param name="shape">Their form.</param>
    /// <param name="dtype">Of real numbers: float32 or float64.</param>
    /// <param name="device">Where the tensors go.</param>
    /// <exception cref="ArgumentException">
    /// There is none, or one is not of that form: an empty sequence, another width or length, a token out of range, a number that is not finite; or
    /// nothing in the batch is scored.
    /// </exception>
    public static SequenceBatch Of(IReadOnlyList<Example> examples, TaskShape shape, ScalarType dtype, Device device)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(shape);
        if (examples.Count == 0)
            throw new ArgumentException("a batch needs an example", nameof(examples));
        for (var b = 0; b < examples.Count; b++)
            if (ExampleForm.Problem(examples[b], shape) is { } problem)
                throw new ArgumentException($"example {b} of the batch: {problem}", nameof(examples));
        var weights = Weights(examples, shape.Place);
        var scored = weights.Sum(row => row.Sum());
        if (scored == 0)
            throw new ArgumentException("nothing in the batch is scored: all weights are 0", nameof(examples));

        using var scope = NewDisposeScope();
        var lengths = AllAlike(examples, e => e.Input.Length) ? null : SequenceLengths.Of([.. examples.Select(e => (long)e.Input.Length)]);
        var inputs = PaddedSteps.Of([.. examples.Select(e => e.Input)], shape.Input, dtype, device);
        var targets = PaddedSteps.Of([.. examples.Select(e => Target(e, shape.Place))], shape.Target, dtype, device);
        if (shape.Place == TargetPlace.Sequence)
            targets = targets.squeeze(0);
        var allCount = AllAlike(weights, row => row.Length) && weights.All(row => row.All(w => w == 1));
        var padded = allCount ? null : PaddedSteps.Of([.. weights.Select(row => new RealSteps(row, 1))], new(ValueKind.Reals, 1), dtype, device).squeeze(2);
        return new(examples, inputs.DetachFromDisposeScope(), lengths, targets.DetachFromDisposeScope(), padded?.DetachFromDisposeScope(), scored);
    }

    private static StepValues Target(Example example, TargetPlace place)
        => place == TargetPlace.OwnSteps ? new TokenSteps([.. ((TokenSteps)example.Target).Values, Vocabulary.EndIndex]) : example.Target;

    /// <summary>How much each target of each example counts, marks included.</summary>
    private static double[][] Weights(IReadOnlyList<Example> examples, TargetPlace place)
        => [.. examples.Select(e => e.Weights is { } given ? [.. given.Select(w => (double)w)] : Ones(e.Target.Length + (place == TargetPlace.OwnSteps ? 1 : 0)))];

    private static double[] Ones(int count)
    {
        var ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }

    private static bool AllAlike<T>(IReadOnlyList<T> all, Func<T, int> of) => all.All(one => of(one) == of(all[0]));
}
