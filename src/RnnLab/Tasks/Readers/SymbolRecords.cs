using System.Text;

namespace RnnLab.Tasks;

/// <summary>The examples of a file, each parsed when it is asked for: what a file takes in memory is its text, or for a large one the places of its records.</summary>
internal sealed class SymbolRecords
{
    private readonly SymbolParser _parser;
    private readonly List<(int Record, int Length, ulong Key)> _examples = [];

    /// <summary>Parses a file through.</summary>
    /// <exception cref="UserException">It cannot be read, has no example, or a record is malformed and not to be skipped.</exception>
    public SymbolRecords(string path, SymbolFormat format, MalformedRecords malformed, int maxExamples, int maxLength, long kept)
    {
        File = new(path, format.NewRecordEnds(), kept);
        _parser = format.Open(File);
        for (var i = _parser.HeaderRecords; i < File.Count && (maxExamples == 0 || _examples.Count < maxExamples); i++)
        {
            try
            {
                if (_parser.Parse(File.Text(i)) is { } pair)
                    _examples.Add((i, Checked(pair, format, maxLength).Input.Count, HeldOutLines.Key(Encoding.UTF8.GetBytes(string.Join('\n', pair.Input)))));
            }
            catch (MalformedRecordException exception)
            {
                malformed.Take(File.Where(i, exception.Line), exception.Message);
            }
        }
        if (_examples.Count == 0)
            throw new UserException($"{path}: there are no {format.Unit} in it{malformed}");
    }

    /// <summary>The file.</summary>
    public RecordFile File { get; }

    /// <summary>A key for each example, the same for equal inputs.</summary>
    public IReadOnlyList<ulong> Keys => [.. _examples.Select(example => example.Key)];

    /// <summary>All examples' numbers.</summary>
    public int[] All => [.. Enumerable.Range(0, _examples.Count)];

    /// <summary>An example.</summary>
    public SymbolPair this[int example] => _parser.Parse(File.Text(_examples[example].Record))!;

    /// <summary>Steps of an example's input.</summary>
    public int InputLength(int example) => _examples[example].Length;

    /// <summary>Where an example stands, or a line of its record, for messages.</summary>
    public string Where(int example, int line = 0) => File.Where(_examples[example].Record, line);

    private static SymbolPair Checked(SymbolPair pair, SymbolFormat format, int maxLength)
    {
        if (pair.Input.Count == 0)
            throw new MalformedRecordException("the input is an empty sequence");
        if (pair.Target.Count == 0)
            throw new MalformedRecordException("the target is an empty sequence");
        var longest = Math.Max(pair.Input.Count, pair.Target.Count);
        if (maxLength > 0 && longest > maxLength)
            throw new MalformedRecordException($"a sequence of {longest} symbols is over max_length {maxLength}");
        if (format.Place == TargetPlace.OwnSteps && pair.Target.FirstOrDefault(symbol => symbol is Vocabulary.Begin or Vocabulary.End) is { } mark)
            throw new MalformedRecordException($"the target has the symbol {mark}, which marks where targets begin or end");
        return pair;
    }
}

/// <summary>Some of a file's examples, as tokens.</summary>
/// <param name="records">The file.</param>
/// <param name="chosen">Their numbers.</param>
/// <param name="encode">The example of a pair, and of what says where its lines stand.</param>
internal sealed class SymbolExamples(SymbolRecords records, int[] chosen, Func<SymbolPair, Func<int, string>, Example> encode) : IExamples
{
    /// <inheritdoc/>
    public long? Count => chosen.Length;

    /// <inheritdoc/>
    public Example this[long index] => encode(records[chosen[index]], line => records.Where(chosen[index], line));

    /// <inheritdoc/>
    public int InputLength(long index) => records.InputLength(chosen[index]);

    /// <summary>The pairs.</summary>
    public IEnumerable<SymbolPair> Pairs() => chosen.Select(i => records[i]);
}
