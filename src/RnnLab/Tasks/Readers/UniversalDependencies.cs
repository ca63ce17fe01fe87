using System.Globalization;

namespace RnnLab.Tasks;

/// <summary>Sentences with a tag for each word, from CoNLL-U files (Universal Dependencies).</summary>
public static class UniversalDependencies
{
    private const int ColumnCount = 10;

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = SymbolFormat.Kind(
        "conllu",
        "words with their tags, from a CoNLL-U file",
        [
            "A sentence: a line of 10 columns between TABs for each word, then an empty line. Comments (#), ranges (1-2) and empty nodes (1.1) are passed over.",
            "Input: the words' FORM. Target: at each word its UPOS, XPOS or FEATS.",
            "Tags and words are the training part's; other words are <unk>, other tags an error. Baseline: the cross-entropy of the tags' frequencies.",
        ],
        "CoNLL-U, Universal Dependencies (Nivre et al. 2016)",
        Format,
        [
            .. SymbolFormat.Settings("a CoNLL-U file", "words of a sentence at most"), new WordSetting("tag", "the column of the tags", "upos", "upos", "xpos", "feats"),
            Symbols.LowercaseSetting, .. VocabularyLimits.Settings,
        ]);

    internal static SymbolFormat Format(TaskValues values)
    {
        var (tag, lower) = (values.Word("tag") switch { "upos" => 3, "xpos" => 4, _ => 5 }, values.Flag("lowercase"));
        return new()
        {
            NewRecordEnds = () => line => line.IsEmpty,
            Open = _ => new(sentence => Parse(sentence, tag, lower)),
            Place = TargetPlace.EachStep,
            Unit = "sentences",
            Input = VocabularyLimits.Of(values),
        };
    }

    private static SymbolPair? Parse(string sentence, int tag, bool lower)
    {
        var (words, tags, places) = (new List<string>(), new List<string>(), new List<int>());
        var lines = sentence.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd('\r');
            if (line.Length == 0 || line[0] == '#')
                continue;
            var columns = line.Split('\t');
            if (columns.Length != ColumnCount)
                throw new MalformedRecordException($"expected {ColumnCount} columns between TABs, this line has {columns.Length}", i);
            if (columns.Any(column => column.Length == 0))
                throw new MalformedRecordException("a column is empty; expected _ for what is not given", i);
            if (IsRangeOrEmptyNode(columns[0]))
                continue;
            if (columns[0] != $"{words.Count + 1}")
                throw new MalformedRecordException($"expected the word's number {words.Count + 1}, this is {columns[0]}", i);
            words.Add(lower ? columns[1].ToLowerInvariant() : columns[1]);
            tags.Add(columns[tag]);
            places.Add(i);
        }
        // Comments alone are no sentence: a file may end with them.
        return words.Count == 0 ? null : new(words, tags, places);
    }

    private static bool IsRangeOrEmptyNode(string id)
        => id.Split('-', '.') is [var first, var second] && int.TryParse(first, NumberStyles.None, null, out _) && int.TryParse(second, NumberStyles.None, null, out _);
}
