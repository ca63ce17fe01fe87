using System.Text;

namespace RnnLab.Tasks;

/// <summary>Symbols and their tokens: a symbol's place is its token. A symbol is a character, a word, a tag.</summary>
public sealed class Vocabulary
{
    /// <summary>What a sequence of its own begins with.</summary>
    public const string Begin = "<bos>";

    /// <summary>What a sequence of its own, or a line, ends with.</summary>
    public const string End = "<eos>";

    /// <summary>What stands for symbols that are not in the vocabulary.</summary>
    public const string Unknown = "<unk>";

    /// <summary>The token of <see cref="Begin"/> in a vocabulary <see cref="OfTargets"/>.</summary>
    public const long BeginIndex = 0;

    /// <summary>The token of <see cref="End"/> in a vocabulary <see cref="OfTargets"/>.</summary>
    public const long EndIndex = 1;

    private readonly string[] _symbols;
    private readonly Dictionary<string, int> _index;

    private Vocabulary(string[] symbols)
    {
        _symbols = symbols;
        _index = symbols.Select((symbol, i) => (symbol, i)).ToDictionary(p => p.symbol, p => p.i, StringComparer.Ordinal);
    }

    /// <summary>V, the number of symbols.</summary>
    public int Size => _symbols.Length;

    /// <summary>The symbols in the order of their tokens.</summary>
    public IReadOnlyList<string> Symbols => _symbols;

    /// <summary>The token of <see cref="Unknown"/>, or null where there is none.</summary>
    public long? UnknownIndex => _index.TryGetValue(Unknown, out var token) ? token : null;

    /// <summary>The distinct characters of a text, in the order of their code points.</summary>
    public static Vocabulary OfCharacters(ReadOnlySpan<Rune> text) => new([.. new SortedSet<Rune>(text.ToArray()).Select(rune => rune.ToString())]);

    /// <summary>Symbols in the order of their tokens.</summary>
    /// <exception cref="UserException">A symbol is empty, or stands twice.</exception>
    public static Vocabulary Of(IReadOnlyList<string> symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        if (symbols.FirstOrDefault(string.IsNullOrEmpty) is not null || symbols.Contains(null!))
            throw new UserException("vocabulary: a symbol is empty");
        var twice = symbols.GroupBy(symbol => symbol, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? new([.. symbols]) : throw new UserException($"vocabulary: \"{twice.Key}\" stands in it twice");
    }

    /// <summary>The distinct symbols of sequences of their own, sorted, after <see cref="Begin"/> and <see cref="End"/>.</summary>
    public static Vocabulary OfTargets(IEnumerable<string> symbols)
        => new([Begin, End, .. new SortedSet<string>(symbols.Where(symbol => symbol is not (Begin or End)), StringComparer.Ordinal)]);

    /// <summary>The token of a symbol; that of <see cref="Unknown"/> where it is not one of them, or null where there is none of that either.</summary>
    public long? Find(string symbol) => _index.TryGetValue(symbol, out var token) ? token : UnknownIndex;

    /// <summary>The symbol of a token.</summary>
    public string Decode(long token) => _symbols[token];

    /// <summary>The tokens of symbols.</summary>
    /// <param name="symbols">The symbols.</param>
    /// <param name="where">Where they stand, for the message: "prompt", or a file's name and line.</param>
    /// <exception cref="UserException">There are symbols that the vocabulary lacks and it has no <see cref="Unknown"/>; names up to ten of them.</exception>
    public long[] Encode(IEnumerable<string> symbols, string where)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        string[] all = [.. symbols];
        var unseen = UnknownIndex is null ? all.Where(symbol => !_index.ContainsKey(symbol)).ToArray() : [];
        return unseen.Length == 0 ? [.. all.Select(symbol => Find(symbol)!.Value)] : throw Unseen(unseen, where, "symbols");
    }

    /// <summary>The tokens of a text, character by character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for the message: "prompt", or a file's name.</param>
    /// <exception cref="UserException">The text has characters that the vocabulary lacks; names up to ten of them and the first one's line.</exception>
    public long[] Encode(ReadOnlySpan<Rune> text, string what)
    {
        // A table by character: a text has many, of few kinds.
        var tokens = new long[text.Length];
        var known = new Dictionary<Rune, long?>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!known.TryGetValue(text[i], out var token))
                known[text[i]] = token = Find(text[i].ToString());
            tokens[i] = token ?? throw UnseenCharacters(text, i, what);
        }
        return tokens;
    }

    private UserException UnseenCharacters(ReadOnlySpan<Rune> text, int first, string what)
    {
        var line = 1;
        foreach (var character in text[..first])
            line += character.Value == '\n' ? 1 : 0;
        var unseen = new SortedSet<Rune>();
        foreach (var character in text[first..])
            if (!_index.ContainsKey(character.ToString()))
                unseen.Add(character);
        return Unseen(unseen.Select(c => c.ToString()), $"{what}:{line}", "characters");
    }

    private UserException Unseen(IEnumerable<string> symbols, string where, string kind)
    {
        string[] unseen = [.. symbols.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var shown = string.Join(" ", unseen.Take(10).Select(Shown));
        var more = unseen.Length > 10 ? $" and {unseen.Length - 10} more" : "";
        return new($"{where}: {kind} that the model was not trained on: {shown}{more}; it knows {Size}");
    }

    private static string Shown(string symbol)
        => Rune.TryGetRuneAt(symbol, 0, out var c) && c.Utf16SequenceLength == symbol.Length && (Rune.IsControl(c) || Rune.IsWhiteSpace(c)) ? $"U+{c.Value:X4}" : $"'{symbol}'";
}
