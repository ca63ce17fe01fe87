namespace RnnLab.Tasks;

/// <summary>Forecasts of the columns of a CSV file.</summary>
internal sealed class FileSeriesTask : ExampleTask
{
    private readonly SeriesWindows _training;
    private readonly List<(string Name, SeriesWindows Windows)> _evaluation = [];

    /// <summary>The kind.</summary>
    public static TaskKind Kind { get; } = new(
        "csv_series",
        "a time series from the columns of a CSV file",
        [
            "A row: numbers between separators, a row for each time, in order. A missing value is an error, and no row is skipped: what is left would not be equally spaced.",
            "Input at step t of a window from row s: the columns of row s + t. Target: the target columns of row s + t + horizon.",
            "The first rows are the training part, the rest the validation part unless it has a file; no window reaches over the cut. Validation windows do not overlap.",
            "x' = (x − offset) / scale, fitted on the training part alone; losses and metrics are of x'. Baseline: persistence, the target columns' present values.",
        ],
        "comma-separated values, RFC 4180",
        (values, record) => new FileSeriesTask(values, record),
        new FileSetting("file", "the series to train on", true),
        new FileSetting("validation_file", "a series to validate on", false),
        new FileSetting("test_file", "a series to test on", false),
        new NumberSetting("validation_fraction", "the last part of the rows, which is held out where no validation file is given", 0.2, 1e-6, 0.9),
        DelimitedRecord.Setting,
        Columns.HeaderSetting,
        new TextsSetting("columns", "input columns, by name or number from 1; else all"),
        new TextsSetting("targets", "target columns; else those of the input"),
        ColumnScales.Setting,
        new IntegerSetting("horizon", "how many rows ahead targets are", 1, 0, 1_000_000),
        new IntegerSetting("window", "steps of an example", 50, 1, 1_000_000),
        new IntegerSetting("stride", "rows from the begin of a training example to the next one's", 1, 1, 1_000_000));

    private FileSeriesTask(TaskValues values, TaskRecord? record)
    {
        SeriesFile Read(string path) => new(path, DelimitedRecord.Of(values), values.Flag("header"), values.Texts("columns"), values.Texts("targets"));
        var (horizon, window) = (values.Integer("horizon"), values.Integer("window"));
        var file = Read(values.Text("file")!);
        var (inputs, targets) = (file.Inputs, file.Targets);
        if (horizon == 0 && inputs.Intersect(targets).Any())
            throw values.Error("horizon", "with horizon 0 no target column may be an input column");
        var files = new Dictionary<string, string> { ["file"] = file.Sha256 };
        var cut = values.Text("validation_file") is null ? (int)(file.Rows.Count * (1 - values.Number("validation_fraction"))) : file.Rows.Count;
        var training = file.Rows.Take(cut).ToArray();
        var width = file.Names.Count;
        var scales = record is null ? ColumnScales.Fit(values.Word("scaling"), training, width) : new(record.Fitted("offsets", width), record.Fitted("scales", width));
        SeriesWindows Windows(IEnumerable<double[]> rows, int stride, string path, string part)
        {
            var windows = new SeriesWindows([.. rows.Select(scales.Apply)], inputs, targets, window, horizon, stride);
            return windows.Count > 0
                ? windows
                : throw new UserException($"{path}: {rows.Count()} rows for {part}, window {window} + horizon {horizon} = {window + horizon} are needed");
        }
        _training = Windows(training, values.Integer("stride"), file.Path, "training");
        if (values.Text("validation_file") is null)
            _evaluation.Add(("validation", Windows(file.Rows.Skip(cut), window, file.Path, "validation")));
        foreach (var name in new[] { "validation", "test" })
        {
            if (values.Text($"{name}_file") is not { } path)
                continue;
            var other = Read(path);
            if (!other.Names.SequenceEqual(file.Names))
                throw new UserException($"{path}:1: expected the columns {string.Join(", ", file.Names)} of {file.Path}, these are {string.Join(", ", other.Names)}");
            files[$"{name}_file"] = other.Sha256;
            _evaluation.Add((name, Windows(other.Rows, window, path, name)));
        }
        Shape = new(new(ValueKind.Reals, inputs.Length), new(ValueKind.Reals, targets.Length), TargetPlace.EachStep)
        {
            IsAutoregressive = horizon == 1 && inputs.SequenceEqual(targets),
            IsCausal = horizon > 0,
        };
        Record = new(
            files, new Dictionary<string, IReadOnlyList<string>> { ["columns"] = file.Names },
            new Dictionary<string, double[]> { ["offsets"] = scales.Offsets, ["scales"] = scales.Scales });
        // Without a step between them, the last value is the target itself.
        Baselines = horizon == 0 ? [] : [new("persistence", _evaluation[0].Windows.Persistence())];
        Description = $"{file.Path}: {file.Rows.Count} rows of {string.Join(", ", file.Names)}; {_training.Count} windows of {window} to train on, "
            + $"{string.Join(", ", _evaluation.Select(part => $"{part.Windows.Count} for {part.Name}"))}, horizon {horizon}";
    }

    /// <inheritdoc/>
    public override TaskShape Shape { get; }

    /// <inheritdoc/>
    public override IExamples Training => _training;

    /// <inheritdoc/>
    public override IReadOnlyList<ExampleSet> Evaluation => [.. _evaluation.Select(part => new ExampleSet(part.Name, part.Windows))];

    /// <inheritdoc/>
    public override IReadOnlyList<Baseline> Baselines { get; }

    /// <inheritdoc/>
    public override TaskRecord Record { get; }

    /// <inheritdoc/>
    public override string Description { get; }
}
