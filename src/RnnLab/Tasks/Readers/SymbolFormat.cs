namespace RnnLab.Tasks;

/// <summary>What a record says: a sequence of symbols, and its targets.</summary>
/// <param name="Input">The sequence.</param>
/// <param name="Target">Its targets.</param>
/// <param name="TargetLines">The line of the record, from 0, that each target stands in; null where that is its first.</param>
internal sealed record SymbolPair(IReadOnlyList<string> Input, IReadOnlyList<string> Target, IReadOnlyList<int>? TargetLines = null);

/// <summary>How a file's records are read.</summary>
/// <param name="Parse">A record's pair; null where the record holds no example, as a comment. Throws <see cref="MalformedRecordException"/>.</param>
/// <param name="HeaderRecords">Records before the first example.</param>
internal sealed record SymbolParser(Func<string, SymbolPair?> Parse, int HeaderRecords = 0);

/// <summary>A format of files whose records are pairs of symbol sequences, and what is to be learnt of them.</summary>
internal sealed record SymbolFormat
{
    /// <summary>Makes, for a file, what says with which lines records end; with every line unless it is given.</summary>
    public Func<Func<ReadOnlySpan<byte>, bool>> NewRecordEnds { get; init; } = () => _ => true;

    /// <summary>Makes a file's parser.</summary>
    public required Func<RecordFile, SymbolParser> Open { get; init; }

    /// <summary>Where targets stand.</summary>
    public required TargetPlace Place { get; init; }

    /// <summary>What an example is called, in the plural.</summary>
    public required string Unit { get; init; }

    /// <summary>The vocabulary of inputs.</summary>
    public required VocabularyLimits Input { get; init; }

    /// <summary>The vocabulary of targets that are sequences of their own; null where targets are labels, all of which are in the training part.</summary>
    public VocabularyLimits? Target { get; init; }

    /// <summary>How lines become sequences, by vocabularies; null where examples are no lines of text.</summary>
    public Func<Vocabulary, Vocabulary, PairText>? Text { get; init; }

    /// <summary>The settings of every such reader.</summary>
    public static IReadOnlyList<TaskSetting> Settings(string what, string length) =>
    [
        new FileSetting("file", $"{what} to train on", true),
        new FileSetting("validation_file", $"{what} to validate on", false),
        new FileSetting("test_file", $"{what} to test on", false),
        HeldOutLines.Setting,
        new IntegerSetting("max_examples", "the first so many examples of each file; 0: all", 0, 0, int.MaxValue),
        new IntegerSetting("max_length", $"{length}; longer ones are malformed; 0: no limit", 0, 0, int.MaxValue),
        MalformedRecords.Setting,
    ];

    /// <summary>A kind of task of such files.</summary>
    public static TaskKind Kind(
        string name, string summary, IReadOnlyList<string> definition, string source, Func<TaskValues, SymbolFormat> format,
        IReadOnlyList<TaskSetting> settings)
        => new(name, summary, definition, source, (values, record) => new SymbolTask(values, format(values), record), settings);

    /// <summary>The same, of lines of text.</summary>
    public static TaskKind TextKind(
        string name, string summary, IReadOnlyList<string> definition, string source, Func<TaskValues, SymbolFormat> format,
        IReadOnlyList<TaskSetting> settings)
        => Kind(name, summary, definition, source, format, settings) with
        {
            Text = (values, record) => record is null
                ? new SymbolTask(values, format(values), null).Text!
                : format(values).Text!(record.Vocabulary("input"), record.Vocabulary("target")),
        };
}
