using System.Globalization;

namespace RnnLab.Tasks;

/// <summary>The numbers of a delimited file's columns, row by row in time.</summary>
internal sealed class SeriesFile
{
    private readonly List<double[]> _rows = [];

    /// <summary>Reads input columns, or all where none is named, and target columns, or the same where none is named.</summary>
    /// <exception cref="UserException">The file cannot be read; a row has other columns, or a value is missing or no number.</exception>
    public SeriesFile(string path, DelimitedRecord format, bool header, IReadOnlyList<string> inputs, IReadOnlyList<string> targets)
    {
        var file = new RecordFile(path, format.NewEnds());
        var columns = new Columns(file, format, header);
        int[] input = inputs.Count > 0 ? [.. inputs.Select(columns.Find)] : [.. columns.Names.Select((_, i) => i)];
        int[] target = targets.Count > 0 ? [.. targets.Select(columns.Find)] : input;
        int[] places = [.. input.Union(target)];
        Names = [.. places.Select(place => columns.Names[place])];
        (Inputs, Targets) = ([.. input.Select(place => Array.IndexOf(places, place))], [.. target.Select(place => Array.IndexOf(places, place))]);
        for (var i = columns.HeaderRecords; i < file.Count; i++)
        {
            try
            {
                var fields = columns.Fields(file.Text(i));
                _rows.Add([.. places.Select(place => Number(fields[place], columns.Names[place]))]);
            }
            catch (MalformedRecordException exception)
            {
                throw new UserException($"{file.Where(i, exception.Line)}: {exception.Message}", exception);
            }
        }
        (Path, Sha256) = (path, file.Sha256);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of its bytes.</summary>
    public string Sha256 { get; }

    /// <summary>The columns that were read.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Which of them are inputs.</summary>
    public int[] Inputs { get; }

    /// <summary>Which of them are targets.</summary>
    public int[] Targets { get; }

    /// <summary>Their values.</summary>
    public IReadOnlyList<double[]> Rows => _rows;

    private static double Number(string field, string column)
    {
        if (string.IsNullOrWhiteSpace(field))
            throw new MalformedRecordException($"the value of column \"{column}\" is missing");
        return double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new MalformedRecordException($"expected a finite number in column \"{column}\", this is \"{field}\"");
    }
}
