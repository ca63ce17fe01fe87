namespace RnnLab.Tasks;

/// <summary>
/// Ways to write a date in English, none of which can be read as another day: the month is a word, or the order is year, month, day, or dots say that the day is first.
/// </summary>
public static class DateFormats
{
    /// <summary>The formats.</summary>
    public static IReadOnlyList<Func<DateOnly, string>> All { get; } =
    [
        date => $"{date:d MMMM yyyy}",
        date => $"{date:MMMM d, yyyy}",
        date => $"{date:dddd, d MMMM yyyy}",
        date => $"{date:dddd, MMMM d, yyyy}",
        date => $"{date:d MMM yyyy}",
        date => $"{date:MMM d, yyyy}",
        date => $"{date:ddd d MMM yyyy}",
        date => $"{date:dd-MMM-yyyy}",
        date => $"{Ordinal(date.Day)} of {date:MMMM yyyy}",
        date => $"{date:MMMM} {Ordinal(date.Day)}, {date:yyyy}",
        date => $"the {Ordinal(date.Day)} of {date:MMMM}, {date:yyyy}",
        date => $"{date:yyyy MMMM d}",
        date => $"{date:yyyy-MM-dd}",
        date => $"{date:yyyy/MM/dd}",
        date => $"{date:yyyyMMdd}",
        date => $"{date:dd.MM.yyyy}",
    ];

    /// <summary>The characters that occur in dates so written, of both cases.</summary>
    internal static IEnumerable<char> Characters { get; } = [.. Enumerable.Range(0, 366)
        .Select(day => new DateOnly(2000, 1, 1).AddDays(day))
        .SelectMany(date => All.Select(format => format(date)))
        .SelectMany(line => line.ToLowerInvariant() + line.ToUpperInvariant() + line)
        .Concat("0123456789")
        .Distinct()];

    private static string Ordinal(int day) => day + (day % 10, day / 10) switch
    {
        (1, not 1) => "st",
        (2, not 1) => "nd",
        (3, not 1) => "rd",
        _ => "th",
    };
}
