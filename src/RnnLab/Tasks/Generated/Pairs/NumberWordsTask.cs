namespace RnnLab.Tasks;

/// <summary>Numbers in English words to digits, or digits to words, character by character.</summary>
/// <param name="values">The settings.</param>
public sealed class NumberWordsTask(TaskValues values) : GeneratedPairTask("number_words", TextOf(values), values)
{
    private const string DigitCharacters = "0123456789";
    private readonly int _digits = values.Integer("digits");
    private readonly bool _toDigits = ToDigits(values);

    /// <summary>The kind of task.</summary>
    public static TaskKind Kind { get; } = new(
        "number_words", "numbers in English words to digits, or digits to words",
        [
            "A number's count of digits is uniform from 1 to `digits`, the number uniform among those of so many digits.",
            "Words: three hundred forty-two thousand eighteen; no \"and\", a hyphen between tens and ones. Digits: 342018.",
            "Direction to_digits: input words, target digits; to_words: input digits, target words.",
            "A tenth of all numbers is for validation alone.", Level,
        ],
        "no paper: the English numerals", (values, _) => new NumberWordsTask(values),
        [
            new WordSetting("direction", "what is answered", "to_digits", "to_digits", "to_words"),
            new IntegerSetting("digits", "the most digits of a number", 6, 2, 6),
            .. GeneratedTask.Sizes(),
        ]) { Text = (values, _) => TextOf(values) };

    /// <inheritdoc/>
    protected override string Rules => $"numbers of up to {_digits} digits, {(_toDigits ? "words to digits" : "digits to words")}";

    /// <inheritdoc/>
    protected override DrawnPair Pair(Draws draws)
    {
        var number = draws.Number(_digits);
        var (digits, words) = ($"{number}", NumberWords.Of(number));
        return _toDigits ? new(digits, words, digits) : new(digits, digits, words);
    }

    private static PairText TextOf(TaskValues values)
        => ToDigits(values) ? ByCharacter(NumberWords.Characters, DigitCharacters) : ByCharacter(DigitCharacters, NumberWords.Characters);

    private static bool ToDigits(TaskValues values) => values.Word("direction") == "to_digits";
}
