namespace RnnLab.Tasks;

/// <summary>Dates as people write them to ISO 8601: Sunday, 3 May 1987 to 1987-05-03.</summary>
/// <param name="values">The settings.</param>
public sealed class DateNormalizationTask(TaskValues values) : GeneratedPairTask("date_normalization", Characters, values)
{
    private readonly DateOnly _first = new(values.Integer("first_year"), 1, 1);
    private readonly DateOnly _last = LastDay(values);

    private static readonly PairText Characters = ByCharacter(DateFormats.Characters, "0123456789-");

    /// <summary>The kind of task.</summary>
    public static TaskKind Kind { get; } = new(
        "date_normalization", "dates as people write them to yyyy-mm-dd",
        [
            $"A date uniform from 1 January of `first_year` to 31 December of `last_year`, in one of {DateFormats.All.Count} formats:",
            "  " + string.Join(" | ", DateFormats.All.Select(format => format(new(1987, 5, 3)))),
            "as it is (half of them), in lower case (a quarter), in upper case (a quarter).",
            "Target: yyyy-mm-dd. A tenth of all dates is for validation alone, in whatever format.", Level,
        ],
        "no paper; targets by ISO 8601", (values, _) => new DateNormalizationTask(values),
        [
            new IntegerSetting("first_year", "the earliest year", 1900, 1000, 9999),
            new IntegerSetting("last_year", "the latest year", 2099, 1000, 9999),
            .. GeneratedTask.Sizes(),
        ]) { Text = (_, _) => Characters };

    /// <inheritdoc/>
    protected override string Rules => $"dates from {_first:yyyy} to {_last:yyyy} in {DateFormats.All.Count} formats";

    /// <inheritdoc/>
    protected override DrawnPair Pair(Draws draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        var date = DateOnly.FromDayNumber(draws.Integer(_first.DayNumber, _last.DayNumber));
        var line = draws.Choice(DateFormats.All)(date);
        var cased = draws.Integer(0, 3) switch { 0 => line.ToLowerInvariant(), 1 => line.ToUpperInvariant(), _ => line };
        var target = $"{date:yyyy-MM-dd}";
        return new(target, cased, target);
    }

    private static DateOnly LastDay(TaskValues values) => values.Integer("last_year") is var year && year >= values.Integer("first_year")
        ? new(year, 12, 31)
        : throw values.Error("last_year", $"{year} is before first_year, {values.Integer("first_year")}");
}
