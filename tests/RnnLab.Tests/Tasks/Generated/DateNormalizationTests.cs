using System.Text.RegularExpressions;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Generated;

public sealed class DateNormalizationTests
{
    [Fact]
    public void All_formats_differ() => Assert.Distinct(Written(new(1987, 11, 23)));

    [Fact]
    public void Every_format_can_be_read_back_as_the_day()
    {
        Assert.True(DateFormats.All.Count >= 10);
        for (var date = new DateOnly(1900, 1, 1); date.Year < 2100; date = date.AddDays(41))
            Assert.All(Written(date), line =>
            {
                Assert.Equal(date, Read(line));
                if (Regex.Match(line, "Mon|Tue|Wed|Thu|Fri|Sat|Sun") is { Success: true, Value: var day })
                    Assert.Equal($"{date.DayOfWeek}"[..3], day);
            });
    }

    [Theory]
    [InlineData(1, "1st")]
    [InlineData(2, "2nd")]
    [InlineData(3, "3rd")]
    [InlineData(4, "4th")]
    [InlineData(11, "11th")]
    [InlineData(12, "12th")]
    [InlineData(13, "13th")]
    [InlineData(21, "21st")]
    [InlineData(22, "22nd")]
    [InlineData(30, "30th")]
    [InlineData(31, "31st")]
    public void Days_have_the_ordinals_of_English(int day, string ordinal) => Assert.Contains($"{ordinal} of May 1987", Written(new(1987, 5, day)));

    [Fact]
    public void Examples_are_dates_of_the_years_in_every_format_and_case()
    {
        var task = DateNormalizationTask.Kind.Make();
        var seen = new HashSet<string>();
        var years = new HashSet<int>();
        foreach (var (source, target) in task.Training.First(1500).Select(example => task.Lines(example)))
        {
            var date = DateOnly.ParseExact(target, "yyyy-MM-dd");
            years.Add(date.Year);
            var ways = new[] { ("as is", (Func<string, string>)(line => line)), ("lower", line => line.ToLowerInvariant()), ("upper", line => line.ToUpperInvariant()) };
            var matches = Written(date).SelectMany((line, i) => ways.Where(way => way.Item2(line) == source).Select(way => $"{way.Item1} {i}")).ToArray();
            Assert.NotEmpty(matches);
            seen.UnionWith(matches);
        }
        Assert.Equal(3 * DateFormats.All.Count, seen.Count);
        Assert.Equal((1900, 2099), (years.Min(), years.Max()));
    }

    [Fact]
    public void Dates_of_the_validation_part_are_never_trained_on_in_any_format()
    {
        var task = DateNormalizationTask.Kind.Make(("first_year", 1990), ("last_year", 1992), ("validation_examples", 2000));
        HashSet<string> Dates(IExamples examples, int count) => [.. examples.First(count).Select(example => task.Lines(example).Target)];
        var (training, validation) = (Dates(task.Training, 10_000), Dates(task.Evaluation[0].Examples, 2000));
        Assert.Empty(training.Intersect(validation));
        Assert.InRange(training.Count + validation.Count, 1090, 1096); // of 1,096 days nearly all are met
        Assert.InRange(validation.Count, 80, 140);
    }

    [Fact]
    public void Years_that_cross_are_refused()
    {
        var error = Assert.Throws<UserException>(() => DateNormalizationTask.Kind.Make(("last_year", 1899)));
        Assert.Equal("x.yaml:1: task.last_year: 1899 is before first_year, 1900", error.Message);
    }

    private static IEnumerable<string> Written(DateOnly date) => DateFormats.All.Select(format => format(date));

    /// <summary>Reads a date by the order of its numbers and the first letters of the month's name.</summary>
    private static DateOnly Read(string line)
    {
        const string months = "JanFebMarAprMayJunJulAugSepOctNovDec";
        var numbers = Regex.Matches(line, "[0-9]+").Select(match => match.Value).ToArray();
        if (numbers is [{ Length: 8 } all])
            return new(int.Parse(all[..4]), int.Parse(all[4..6]), int.Parse(all[6..]));
        if (Regex.Match(line, "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec") is { Success: true, Value: var name })
        {
            var year = numbers.Single(number => number.Length == 4);
            return new(int.Parse(year), months.IndexOf(name, StringComparison.Ordinal) / 3 + 1, int.Parse(numbers.Single(number => number.Length <= 2)));
        }
        var parts = numbers.Select(int.Parse).ToArray();
        return parts[0] > 31 ? new(parts[0], parts[1], parts[2]) : new(parts[2], parts[1], parts[0]);
    }
}
