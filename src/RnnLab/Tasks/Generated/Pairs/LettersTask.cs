namespace RnnLab.Tasks;

/// <summary>Strings of random letters to strings of the same letters in another order.</summary>
public sealed class LettersTask : GeneratedPairTask
{
    private readonly Func<string, string> _answer;
    private readonly int _symbols, _shortest, _longest;

    private LettersTask(string name, Func<string, string> answer, TaskValues values) : base(name, TextOf(values), values)
    {
        (_answer, _symbols, _shortest, _longest) = (answer, values.Integer("symbols"), values.Integer("min_length"), values.Integer("max_length"));
        if (_longest < _shortest)
            throw values.Error("max_length", $"{_longest} is less than min_length, {_shortest}");
    }

    /// <summary>The kind of task whose answer is the string from its end to its beginning.</summary>
    public static TaskKind Reversal { get; } = KindOf(
        "reversal", "a string of letters to the same in reversed order", "Target: the input's letters from the last to the first.",
        "Grefenstette et al. 2015", Reversed);

    /// <summary>The kind of task whose answer is the string's letters in the order of the alphabet.</summary>
    public static TaskKind Sorting { get; } = KindOf(
        "sorting", "a string of letters to the same in the order of the alphabet",
        "Target: the input's letters in the order of the alphabet, each as often as it occurs.", "Vinyals, Bengio and Kudlur 2016", Sorted);

    /// <inheritdoc/>
    protected override string Rules => $"strings of {_shortest} to {_longest} of {_symbols} letters";

    /// <summary>A line from its end to its beginning.</summary>
    internal static string Reversed(string line) => string.Concat(line.Reverse());

    /// <inheritdoc/>
    protected override DrawnPair Pair(Draws draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        var letters = new char[draws.Integer(_shortest, _longest)];
        for (var i = 0; i < letters.Length; i++)
            letters[i] = (char)('a' + draws.Integer(0, _symbols - 1));
        var line = new string(letters);
        return new(line, line, _answer(line));
    }

    private static string Sorted(string line) => string.Concat(line.Order());

    private static PairText TextOf(TaskValues values)
    {
        var letters = Enumerable.Range('a', values.Integer("symbols")).Select(c => (char)c).ToArray();
        return ByCharacter(letters, letters);
    }

    private static TaskKind KindOf(string name, string summary, string target, string source, Func<string, string> answer) => new(
        name, summary,
        [
            "Input: a length uniform from `min_length` to `max_length`, each letter uniform among the first `symbols` of the alphabet.", target,
            "A tenth of all strings is for validation alone.", Level,
        ],
        source, (values, _) => new LettersTask(name, answer, values),
        [
            new IntegerSetting("symbols", "letters of the alphabet", 10, 2, 26),
            new IntegerSetting("min_length", "letters of the shortest string", 1, 1, 1000),
            new IntegerSetting("max_length", "letters of the longest string", 10, 1, 1000),
            .. GeneratedTask.Sizes(),
        ]) { Text = (values, _) => TextOf(values) };
}
