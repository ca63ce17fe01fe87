namespace RnnLab.Tasks;

/// <summary>
/// The sequences of Hochreiter and Schmidhuber (1997), experiments 4 and 5: pairs of a value and a mark, of a random length from T to T + T/10
/// (integer division). One of the first ten
/// pairs is marked, then one of the first T/2 − 1 that are not yet: their marks are 1, those of the first and the last pair −1, all others 0.
/// Where the first pair of the sequence is
/// chosen it keeps its −1 and its value is the neutral one.
/// </summary>
internal static class MarkedPairs
{
    /// <summary>The least T: the second choice then reaches as far as the first.</summary>
    public const int LeastLength = 22;

    /// <summary>An answer whose error is below it is right.</summary>
    public const double RightWithin = 0.04;

    /// <summary>Pairs and the two values that are marked.</summary>
    /// <param name="draws">Random numbers.</param>
    /// <param name="length">T.</param>
    /// <param name="low">Values are uniform from here to 1.</param>
    /// <param name="neutral">What the first pair's value is where it is chosen.</param>
    public static (RealSteps Pairs, double First, double Second) Draw(Draws draws, int length, double low, double neutral)
    {
        var pairs = new double[2 * draws.Integer(length, length + length / 10)];
        for (var i = 0; i < pairs.Length; i += 2)
            pairs[i] = draws.Uniform(low, 1);
        var first = draws.Integer(0, 9);
        var second = draws.Integer(0, length / 2 - 3);
        second += second >= first ? 1 : 0;
        pairs[2 * first + 1] = pairs[2 * second + 1] = 1;
        if (first == 0 || second == 0)
            pairs[0] = neutral;
        pairs[1] = pairs[^1] = -1;
        return (new(pairs, 2), pairs[2 * first], pairs[2 * second]);
    }

    /// <summary>The probability that the first pair is one of the chosen: 1/10 + 9/10 · 1/(T/2 − 2).</summary>
    public static double FirstIsChosen(int length) => 0.1 + 0.9 / (length / 2 - 2);
}
