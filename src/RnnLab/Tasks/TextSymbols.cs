using System.Text;

namespace RnnLab.Tasks;

/// <summary>What a text's symbols are.</summary>
public enum TextLevel
{
    /// <summary>Unicode characters (scalar values).</summary>
    Character,

    /// <summary>Words, between white space.</summary>
    Word,
}

/// <summary>How a text becomes symbols, and which of them the vocabulary has.</summary>
/// <param name="Level">Characters or words.</param>
/// <param name="Limits">The vocabulary's limits, over the training part; with none, every symbol of the text.</param>
/// <param name="EndsLines">For words: whether each line's end is a symbol, <see cref="Vocabulary.End"/>.</param>
public sealed record TextSymbols(TextLevel Level, VocabularyLimits Limits, bool EndsLines = true)
{
    /// <summary>All characters of the text, as in char-rnn.</summary>
    public static TextSymbols Characters { get; } = new(TextLevel.Character, new());

    /// <summary>All words of the training part, line ends, and <see cref="Vocabulary.Unknown"/> for the others.</summary>
    public static TextSymbols Words { get; } = new(TextLevel.Word, new(HasUnknown: true));

    /// <summary>What a symbol is called, in the plural.</summary>
    public string Unit => Level == TextLevel.Word ? "words" : "characters";

    /// <summary>A symbol.</summary>
    public string One => Level == TextLevel.Word ? "word" : "character";

    /// <summary>The symbols of a text. A last line without an end has one all the same.</summary>
    public IReadOnlyList<string> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Level == TextLevel.Character)
            return [.. text.EnumerateRunes().Select(rune => rune.ToString())];
        // Equal words share one string: a text has many, of far fewer kinds.
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        var find = kinds.GetAlternateLookup<ReadOnlySpan<char>>();
        var symbols = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var line = text.AsSpan(at);
            line = line.IndexOf('\n') is >= 0 and var end ? line[..end] : line;
            at += line.Length + 1;
            AddWords(line, find, symbols);
            if (EndsLines)
                symbols.Add(Vocabulary.End);
        }
        return symbols;
    }

    /// <summary>The text of some symbols: words with spaces between them, a line's end as a line break.</summary>
    public string Join(IEnumerable<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        if (Level == TextLevel.Character)
            return string.Concat(symbols);
        var text = new StringBuilder();
        foreach (var symbol in symbols)
        {
            if (symbol == Vocabulary.End)
                text.Append('\n');
            else
                text.Append(text.Length == 0 || text[^1] == '\n' ? "" : " ").Append(symbol);
        }
        return text.ToString();
    }

    private static void AddWords(ReadOnlySpan<char> line, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> kinds, List<string> words)
    {
        for (line = line.TrimStart(); line.Length > 0; line = line.TrimStart())
        {
            var length = 1;
            while (length < line.Length && !char.IsWhiteSpace(line[length]))
                length++;
            if (!kinds.TryGetValue(line[..length], out var word))
                kinds.Set.Add(word = line[..length].ToString());
            words.Add(word);
            line = line[length..];
        }
    }
}
