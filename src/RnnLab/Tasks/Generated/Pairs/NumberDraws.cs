namespace RnnLab.Tasks;

/// <summary>Random numbers as people write them.</summary>
public static class NumberDraws
{
    /// <summary>A number whose count of digits is uniform from 1 to <paramref name="digits"/>, and which is uniform among those of so many.</summary>
    /// <param name="draws">Its random numbers.</param>
    /// <param name="digits">The most digits, at most 9.</param>
    public static int Number(this Draws draws, int digits)
    {
        ArgumentNullException.ThrowIfNull(draws);
        var n = draws.Integer(1, digits);
        return draws.Integer(n == 1 ? 0 : PowerOfTen(n - 1), PowerOfTen(n) - 1);
    }

    private static int PowerOfTen(int exponent) => (int)Math.Pow(10, exponent);
}
