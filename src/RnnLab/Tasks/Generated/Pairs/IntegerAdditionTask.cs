namespace RnnLab.Tasks;

/// <summary>The sum of two numbers, digit by digit: 123+45 to 168 (Zaremba and Sutskever 2014).</summary>
/// <param name="values">The settings.</param>
public sealed class IntegerAdditionTask(TaskValues values) : GeneratedPairTask("integer_addition", Characters, values)
{
    private readonly int _digits = values.Integer("digits");
    private readonly bool _reversed = values.Flag("reverse_answer");

    private static readonly PairText Characters = ByCharacter("0123456789+", "0123456789");

    /// <summary>The kind of task.</summary>
    public static TaskKind Kind { get; } = new(
        "integer_addition", "the sum of two numbers, digit by digit",
        [
            "Input: a+b. Each number's count of digits is uniform from 1 to `digits`, the number uniform among those of so many digits, without leading zeros.",
            "Target: the digits of the sum, from the first; with `reverse_answer` from the last, in the order in which carries arise.",
            "A tenth of all pairs of numbers (in either order) is for validation alone.", Level,
        ],
        "Zaremba and Sutskever 2014", (values, _) => new IntegerAdditionTask(values),
        [
            new IntegerSetting("digits", "the most digits of a number", 3, 1, 9),
            new FlagSetting("reverse_answer", "whether the sum is written from its last digit", false),
            .. GeneratedTask.Sizes(),
        ]) { Text = (_, _) => Characters };

    /// <inheritdoc/>
    protected override string Rules => $"numbers of up to {_digits} digits{(_reversed ? ", the sum from its last digit" : "")}";

    /// <inheritdoc/>
    protected override DrawnPair Pair(Draws draws)
    {
        var (a, b) = (draws.Number(_digits), draws.Number(_digits));
        var sum = $"{(long)a + b}";
        return new($"{Math.Min(a, b)}+{Math.Max(a, b)}", $"{a}+{b}", _reversed ? LettersTask.Reversed(sum) : sum);
    }
}
