namespace RnnLab.Tasks;

/// <summary>Pairs of lines, as translation data come: source TAB target.</summary>
public static class TabSeparatedPairs
{
    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = SymbolFormat.TextKind(
        "tsv_pairs",
        "sequence pairs from a file: source TAB target",
        [
            "A line: source TAB target, further columns are ignored; UTF-8, no header, no quoting.",
            "Input: the source's symbols, characters or words between white space. Target: the target's symbols, a sequence of its own.",
            "The vocabularies are the training part's symbols; pairs of one source are held out together.",
        ],
        "tab-separated values",
        Format,
        [.. SymbolFormat.Settings("a file of pairs", "symbols of a source or a target at most"), .. Symbols.Settings, .. VocabularyLimits.Settings]);

    internal static SymbolFormat Format(TaskValues values)
    {
        var (symbols, limits) = (Symbols.Of(values), VocabularyLimits.Of(values));
        return new()
        {
            Open = _ => new(line => Parse(line, symbols)),
            Place = TargetPlace.OwnSteps,
            Unit = "pairs",
            Input = limits,
            Target = limits,
            Text = (input, target) => new(input, target, symbols.Split, symbols.Join),
        };
    }

    private static SymbolPair Parse(string line, Symbols symbols)
        => line.Split('\t', 3) is [var source, var target, ..]
            ? new(symbols.Split(source), symbols.Split(target))
            : throw new MalformedRecordException("expected source TAB target, this line has no TAB");
}
