namespace RnnLab.Tasks;

/// <summary>Whether an example is of a task's form.</summary>
internal static class ExampleForm
{
    /// <summary>What is wrong with it, or null.</summary>
    public static string? Problem(Example example, TaskShape shape)
        => ValuesProblem(example.Input, shape.Input) is { } input ? $"its input {input}"
            : ValuesProblem(example.Target, shape.Target) is { } target ? $"its target {target}"
            : PlaceProblem(example, shape);

    private static string? ValuesProblem(StepValues values, ValueShape shape) => values switch
    {
        TokenSteps tokens when shape.Kind == ValueKind.Tokens => TokensProblem(tokens, shape.Size),
        RealSteps reals when shape.Kind != ValueKind.Tokens => NumbersProblem(reals, shape),
        _ => $"is of {(values is TokenSteps ? "tokens" : "numbers")}, expected {(shape.Kind == ValueKind.Tokens ? "tokens" : "numbers")}",
    };

    private static string? TokensProblem(TokenSteps tokens, int size)
    {
        if (tokens.Length == 0)
            return "is empty";
        var wrong = Array.FindIndex(tokens.Values, token => token < 0 || token >= size);
        return wrong < 0 ? null : $"has token {tokens.Values[wrong]} at step {wrong}, expected one in [0, {size})";
    }

    private static string? NumbersProblem(RealSteps numbers, ValueShape shape)
    {
        if (numbers.Width != shape.Size)
            return $"has {numbers.Width} numbers a step, expected {shape.Size}";
        if (numbers.Values.Length % numbers.Width != 0)
            return $"has {numbers.Values.Length} numbers, no multiple of {numbers.Width}";
        if (numbers.Length == 0)
            return "is empty";
        var isBits = shape.Kind == ValueKind.Bits;
        var wrong = Array.FindIndex(numbers.Values, isBits ? value => value is not (0 or 1) : value => !double.IsFinite(value));
        return wrong < 0 ? null : $"has {numbers.Values[wrong]} at step {wrong / numbers.Width}, expected {(isBits ? "0 or 1" : "a finite number")}";
    }

    private static string? PlaceProblem(Example example, TaskShape shape)
    {
        var (steps, targets) = (example.Input.Length, example.Target.Length);
        if (shape.HasSingleInput && steps != 1)
            return $"its input has {steps} steps, expected one";
        return shape.Place switch
        {
            TargetPlace.EachStep when targets != steps => $"it has {targets} targets for {steps} steps",
            TargetPlace.Sequence when targets != 1 => $"it has {targets} targets, expected one for the whole",
            TargetPlace.OwnSteps when example.Target is not TokenSteps => "its target is of numbers; a sequence of its own is of tokens",
            TargetPlace.OwnSteps when ((TokenSteps)example.Target).Values.Any(token => token is Vocabulary.BeginIndex or Vocabulary.EndIndex)
                => "its target holds a begin or end mark; those are added to it",
            _ => example.Weights is { } weights ? WeightsProblem(weights, targets, shape.Place) : null,
        };
    }

    private static string? WeightsProblem(float[] weights, int targets, TargetPlace place)
    {
        if (place != TargetPlace.EachStep)
            return "it has weights, which belong to targets at each step";
        if (weights.Length != targets)
            return $"it has {weights.Length} weights for {targets} targets";
        var wrong = Array.FindIndex(weights, weight => !(weight >= 0 && float.IsFinite(weight)));
        return wrong < 0 ? null : $"its weight at step {wrong} is {weights[wrong]}, expected a finite number of at least 0";
    }
}
