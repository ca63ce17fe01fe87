using System.Text;

namespace RnnLab.Tasks;

/// <summary>
/// Records of fields between separators, as RFC 4180 has them: a field in quotes may have separators and line breaks in it, and quotes that are doubled.
/// </summary>
/// <param name="separator">The character between fields.</param>
internal sealed class DelimitedRecord(char separator)
{
    /// <summary>The setting.</summary>
    public static readonly WordSetting Setting = new("separator", "what stands between columns", "comma", "comma", "tab", "semicolon");

    /// <summary>As the setting says.</summary>
    public static DelimitedRecord Of(TaskValues values) => new(values.Word("separator") switch { "tab" => '\t', "semicolon" => ';', _ => ',' });

    /// <summary>Says with which lines of a file records end: with those that no field in quotes goes beyond.</summary>
    public Func<ReadOnlySpan<byte>, bool> NewEnds()
    {
        var quoted = false;
        return line => !(quoted = IsQuotedAfter(line, quoted));
    }

    /// <summary>A record's fields.</summary>
    /// <exception cref="MalformedRecordException">A quote is not closed, or stands where none may.</exception>
    public List<string> Fields(string record)
    {
        var (fields, at) = (new List<string>(), 0);
        do
            fields.Add(at < record.Length && record[at] == '"' ? Quoted(record, ref at) : Plain(record, ref at));
        while (at++ < record.Length);
        return fields;
    }

    private string Plain(string record, ref int at)
    {
        var begin = at;
        at = record.IndexOf(separator, begin) is >= 0 and var end ? end : record.Length;
        var field = record[begin..at];
        return field.Contains('"') ? throw new MalformedRecordException($"a quote within a field that does not begin with one: {Shown(field)}") : field;
    }

    private string Quoted(string record, ref int at)
    {
        var (field, begin) = (new StringBuilder(), at);
        for (at++; ; at++)
        {
            if (at >= record.Length)
                throw new MalformedRecordException($"a quote is not closed: {Shown(record[begin..])}");
            if (record[at] == '"' && (++at >= record.Length || record[at] != '"'))
                break;
            field.Append(record[at]);
        }
        return at >= record.Length || record[at] == separator
            ? field.ToString()
            : throw new MalformedRecordException($"expected a separator after the closing quote of {Shown(field.ToString())}");
    }

    private static string Shown(string field) => (field.Length <= 40 ? field : field[..40] + "…").ReplaceLineEndings(" ");

    /// <summary>Whether a field in quotes goes on after a line. Quotes count only where a field begins, so that a stray one spoils its own line alone.</summary>
    private bool IsQuotedAfter(ReadOnlySpan<byte> line, bool quoted)
    {
        var begins = !quoted;
        for (var i = 0; i < line.Length; i++)
        {
            if (quoted && line[i] == '"' && i + 1 < line.Length && line[i + 1] == '"')
                i++;
            else if (line[i] == '"' && (quoted || begins))
                (quoted, begins) = (!quoted, false);
            else
                begins = !quoted && line[i] == separator;
        }
        return quoted;
    }
}
