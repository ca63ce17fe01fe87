namespace RnnLab.Tasks;

/// <summary>The columns of a delimited file.</summary>
internal sealed class Columns
{
    private readonly DelimitedRecord _format;
    private readonly string _where;

    /// <summary>The columns that a file's first record has or names.</summary>
    /// <exception cref="UserException">That record is malformed, or names two columns alike.</exception>
    public Columns(RecordFile file, DelimitedRecord format, bool header)
    {
        (_format, _where) = (format, file.Where(0));
        try
        {
            var first = format.Fields(file.Text(0));
            Names = header ? [.. first.Select(name => name.Trim())] : [.. first.Select((_, i) => $"{i + 1}")];
        }
        catch (MalformedRecordException exception)
        {
            throw new UserException($"{file.Where(0, exception.Line)}: {exception.Message}", exception);
        }
        HeaderRecords = header ? 1 : 0;
        if (Names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UserException($"{_where}: two columns are named \"{twice.Key}\"");
    }

    /// <summary>The setting.</summary>
    public static FlagSetting HeaderSetting { get; } = new("header", "the first record names the columns", true);

    /// <summary>Their names; numbers from 1 where there is no header.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Records before the data.</summary>
    public int HeaderRecords { get; }

    /// <summary>The place of a column, by its name or else its number from 1.</summary>
    /// <exception cref="UserException">There is none.</exception>
    public int Find(string name)
    {
        var place = Names.ToList().IndexOf(name);
        if (place >= 0)
            return place;
        return int.TryParse(name, out var number) && number >= 1 && number <= Names.Count
            ? number - 1
            : throw new UserException($"{_where}: there is no column \"{name}\"; the columns are {string.Join(", ", Names)}");
    }

    /// <summary>A record's fields, as many as there are columns.</summary>
    /// <exception cref="MalformedRecordException">It has others.</exception>
    public List<string> Fields(string record)
    {
        var fields = _format.Fields(record);
        return fields.Count == Names.Count ? fields : throw new MalformedRecordException($"expected {Names.Count} columns, this record has {fields.Count}");
    }
}
