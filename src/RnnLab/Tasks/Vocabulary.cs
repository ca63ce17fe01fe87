using System.Text;

namespace RnnLab.Tasks;

/// <summary>The distinct characters of a text, in the order of their code points; a character's index is its token.</summary>
public sealed class Vocabulary
{
    private readonly Rune[] _characters;
    private readonly Dictionary<Rune, int> _index;

    private Vocabulary(Rune[] characters)
    {
        _characters = characters;
        _index = characters.Select((character, i) => (character, i)).ToDictionary(p => p.character, p => p.i);
    }

    /// <summary>V, the number of characters.</summary>
    public int Size => _characters.Length;

    /// <summary>The characters, as one string each, in the order of their tokens.</summary>
    public IReadOnlyList<string> Characters => [.. _characters.Select(c => c.ToString())];

    /// <summary>The characters of a text.</summary>
    public static Vocabulary Of(ReadOnlySpan<Rune> text) => new([.. new SortedSet<Rune>(text.ToArray())]);

    /// <summary>A vocabulary that was saved as <see cref="Characters"/>.</summary>
    /// <exception cref="UserException">An entry is not one character, or stands twice.</exception>
    public static Vocabulary Of(IReadOnlyList<string> characters)
    {
        ArgumentNullException.ThrowIfNull(characters);
        var runes = new List<Rune>();
        foreach (var text in characters)
        {
            if (text is null || Rune.DecodeFromUtf16(text, out var rune, out var used) != System.Buffers.OperationStatus.Done || used != text.Length)
                throw new UserException($"vocabulary: \"{text}\" is not one character");
            runes.Add(rune);
        }
        return runes.Distinct().Count() == runes.Count ? new([.. runes]) : throw new UserException("vocabulary: a character stands in it twice");
    }

    /// <summary>The tokens of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What it is, for the message: "prompt", or a file's name.</param>
    /// <exception cref="UserException">The text has characters that the vocabulary lacks; names up to ten of them and the first one's line.</exception>
    public long[] Encode(ReadOnlySpan<Rune> text, string what)
    {
        var tokens = new long[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            if (!_index.TryGetValue(text[i], out var token))
                throw Unseen(text, i, what);
            tokens[i] = token;
        }
        return tokens;
    }

    /// <summary>The character of a token.</summary>
    public string Decode(long token) => _characters[token].ToString();

    private UserException Unseen(ReadOnlySpan<Rune> text, int first, string what)
    {
        var line = 1;
        foreach (var character in text[..first])
            line += character.Value == '\n' ? 1 : 0;
        var unseen = new SortedSet<Rune>();
        foreach (var character in text[first..])
            if (!_index.ContainsKey(character))
                unseen.Add(character);
        var shown = string.Join(" ", unseen.Take(10).Select(c => Rune.IsControl(c) || Rune.IsWhiteSpace(c) ? $"U+{c.Value:X4}" : $"'{c}'"));
        var more = unseen.Count > 10 ? $" and {unseen.Count - 10} more" : "";
        return new($"{what}:{line}: characters that the model was not trained on: {shown}{more}; it knows {Size}");
    }
}
