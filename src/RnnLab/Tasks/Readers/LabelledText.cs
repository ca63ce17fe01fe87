namespace RnnLab.Tasks;

/// <summary>Texts with a label each, in columns.</summary>
public static class LabelledText
{
    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = SymbolFormat.Kind(
        "labelled_text",
        "texts with a label each, from a CSV or TSV file",
        [
            "A record: fields between separators, quoted as in RFC 4180 (line breaks within quotes too); UTF-8; all records have equally many columns.",
            "Input: the text's symbols, characters or words between white space. Target: the label, one for the text.",
            "Labels and vocabulary are the training part's; equal texts are held out together. Baseline: the cross-entropy of the labels' frequencies.",
        ],
        "RFC 4180",
        Format,
        [
            .. SymbolFormat.Settings("a file of labelled texts", "symbols of a text at most"), .. Symbols.Settings, .. VocabularyLimits.Settings,
            DelimitedRecord.Setting, Columns.HeaderSetting,
            new TextSetting("text_column", "the text's column, by name or number from 1; else text, or 1 without a header"),
            new TextSetting("label_column", "the label's column; else label, or 2 without a header"),
        ]);

    internal static SymbolFormat Format(TaskValues values)
    {
        var (symbols, delimited, header) = (Symbols.Of(values), DelimitedRecord.Of(values), values.Flag("header"));
        return new()
        {
            NewRecordEnds = delimited.NewEnds,
            Open = file =>
            {
                var columns = new Columns(file, delimited, header);
                var text = columns.Find(values.Text("text_column") ?? (header ? "text" : "1"));
                var label = columns.Find(values.Text("label_column") ?? (header ? "label" : "2"));
                return new(record => Parse(columns.Fields(record), text, label, symbols), columns.HeaderRecords);
            },
            Place = TargetPlace.Sequence,
            Unit = "texts",
            Input = VocabularyLimits.Of(values),
        };
    }

    private static SymbolPair Parse(List<string> fields, int text, int label, Symbols symbols)
        => fields[label].Trim() is { Length: > 0 } name ? new(symbols.Split(fields[text]), [name]) : throw new MalformedRecordException("the label is empty");
}
