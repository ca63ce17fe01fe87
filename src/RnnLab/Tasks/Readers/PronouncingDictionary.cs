using System.Text.RegularExpressions;

namespace RnnLab.Tasks;

/// <summary>Spellings and pronunciations, from the CMU pronouncing dictionary.</summary>
public static partial class PronouncingDictionary
{
    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = SymbolFormat.TextKind(
        "cmudict",
        "grapheme to phoneme, from the CMU pronouncing dictionary",
        [
            "A line: WORD, white space, phonemes between spaces (AH0, with 0, 1 or 2 for a vowel's stress).",
            "Lines that begin with ;;; and what follows a # after white space are comments.",
            "WORD(1) or WORD(2) is a further pronunciation of WORD.",
            "Input: the word's letters, made small. Target: its phonemes, a sequence of its own. The pronunciations of one word are held out together.",
        ],
        "CMU pronouncing dictionary",
        Format,
        [
            .. SymbolFormat.Settings("a pronouncing dictionary", "letters or phonemes of a word at most"), new FlagSetting("stress", "phonemes keep their stress", false),
            new WordSetting("alternates", "which pronunciations of a word are taken", "first", "first", "all"),
        ]);

    internal static SymbolFormat Format(TaskValues values)
    {
        var (stress, all, letters, phonemes) = (values.Flag("stress"), values.Word("alternates") == "all", new Symbols(false, true), new Symbols(true, false));
        return new()
        {
            Open = _ => new(line => Parse(line, stress, all, letters)),
            Place = TargetPlace.OwnSteps,
            Unit = "words",
            Input = new(HasUnknown: true),
            Target = new(HasUnknown: true),
            Text = (input, target) => new(input, target, letters.Split, phonemes.Join),
        };
    }

    private static SymbolPair? Parse(string line, bool stress, bool all, Symbols letters)
    {
        string[] parts = [.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        if (parts.Length == 0 || line.StartsWith(";;;", StringComparison.Ordinal))
            return null;
        string[] phonemes = [.. parts.Skip(1).TakeWhile(part => part[0] != '#')];
        if (phonemes.Length == 0)
            throw new MalformedRecordException($"expected WORD and its phonemes, \"{parts[0]}\" has none");
        if (phonemes.FirstOrDefault(phoneme => !Phoneme().IsMatch(phoneme)) is { } wrong)
            throw new MalformedRecordException($"expected a phoneme as AH0 or K, this is \"{wrong}\"");
        var number = Alternate().Match(parts[0]);
        if (number.Success && !all)
            return null;
        var word = number.Success ? parts[0][..number.Index] : parts[0];
        return new(letters.Split(word), stress ? phonemes : [.. phonemes.Select(phoneme => phoneme.TrimEnd('0', '1', '2'))]);
    }

    [GeneratedRegex(@"^[A-Z]+[0-2]?\z")]
    private static partial Regex Phoneme();

    [GeneratedRegex(@"(?<=.)\([0-9]+\)\z")]
    private static partial Regex Alternate();
}
