namespace RnnLab.Tasks;

/// <summary>Numbers in English words, without "and": 342,018 is three hundred forty-two thousand eighteen.</summary>
public static class NumberWords
{
    /// <summary>The largest number that has words here.</summary>
    public const int Largest = 999_999;

    private static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    /// <summary>The characters that occur in them.</summary>
    internal static IEnumerable<char> Characters => Small.Concat(Tens).Append("hundred thousand -").SelectMany(word => word);

    /// <summary>A number's words.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or over <see cref="Largest"/>.</exception>
    public static string Of(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Largest);
        return number switch
        {
            < 20 => Small[number],
            < 100 => Tens[number / 10 - 2] + Rest("-", number % 10),
            < 1000 => $"{Small[number / 100]} hundred" + Rest(" ", number % 100),
            _ => $"{Of(number / 1000)} thousand" + Rest(" ", number % 1000),
        };
    }

    private static string Rest(string mark, int number) => number == 0 ? "" : mark + Of(number);
}
