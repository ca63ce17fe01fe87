namespace RnnLab.Tasks;

/// <summary>Lines of text as sequences of tokens, and back.</summary>
/// <param name="Input">What the input's tokens mean.</param>
/// <param name="Target">What the target's tokens mean.</param>
/// <param name="Split">The symbols of a line: its characters, or its words.</param>
/// <param name="Join">The line of some symbols.</param>
public sealed record PairText(Vocabulary Input, Vocabulary Target, Func<string, IReadOnlyList<string>> Split, Func<IEnumerable<string>, string> Join)
{
    /// <summary>Symbols are characters (Unicode scalar values).</summary>
    public static PairText ByCharacter(Vocabulary input, Vocabulary target)
        => new(input, target, line => [.. line.EnumerateRunes().Select(rune => rune.ToString())], string.Concat);

    /// <summary>Symbols are words, between spaces.</summary>
    public static PairText ByWord(Vocabulary input, Vocabulary target)
        => new(input, target, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), symbols => string.Join(' ', symbols));
}
