namespace RnnLab.Tests.Kernels;

/// <summary>A number of twice double's precision, High + Low (Dekker 1971): what results in double are measured by.</summary>
internal readonly record struct DoubleDouble(double High, double Low = 0)
{
    // 1/k!; 0.35²⁸ / 28! is 1e-42.
    private static readonly DoubleDouble[] InverseFactorials = Inverses(28);

    private static readonly DoubleDouble Ln2 = new(0.6931471805599453, 2.3190468138462996e-17);

    public static DoubleDouble operator +(DoubleDouble x, DoubleDouble y)
    {
        var sum = x.High + y.High;
        var part = sum - x.High;
        var error = x.High - (sum - part) + (y.High - part);
        return Normal(sum, error + x.Low + y.Low);
    }

    public static DoubleDouble operator -(DoubleDouble x) => new(-x.High, -x.Low);

    public static DoubleDouble operator *(DoubleDouble x, DoubleDouble y)
    {
        var product = x.High * y.High;
        return Normal(product, Math.FusedMultiplyAdd(x.High, y.High, -product) + (x.High * y.Low + x.Low * y.High));
    }

    public static DoubleDouble operator /(DoubleDouble x, DoubleDouble y)
    {
        var first = x.High / y.High;
        var rest = x + -(y * new DoubleDouble(first));
        var second = rest.High / y.High;
        rest += -(y * new DoubleDouble(second));
        return Normal(first, second) + new DoubleDouble(rest.High / y.High);
    }

    /// <summary>eˣ − 1.</summary>
    public static DoubleDouble ExpM1(DoubleDouble x)
    {
        var n = (int)Math.Round(x.High / Ln2.High);
        var r = x + -(Ln2 * new DoubleDouble(n));
        // eʳ − 1 = r (1 + r (1/2! + r (1/3! + …))) for |r| ≤ 0.35.
        var sum = InverseFactorials[^1];
        for (var k = InverseFactorials.Length - 2; k >= 1; k--)
            sum = InverseFactorials[k] + r * sum;
        sum = r * sum;
        return Scaled(sum, n) + (new DoubleDouble(Math.ScaleB(1, n)) + new DoubleDouble(-1));
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static DoubleDouble Sigmoid(double x) => new DoubleDouble(1) / (ExpM1(new(-x)) + new DoubleDouble(2));

    /// <summary>tanh x.</summary>
    public static DoubleDouble Tanh(double x)
    {
        var e = ExpM1(new(2 * x));
        return e / (e + new DoubleDouble(2));
    }

    private static DoubleDouble[] Inverses(int last)
    {
        var inverses = new DoubleDouble[last + 1];
        inverses[0] = new(1);
        for (var k = 1; k <= last; k++)
            inverses[k] = inverses[k - 1] / new DoubleDouble(k);
        return inverses;
    }

    private static DoubleDouble Scaled(DoubleDouble x, int n) => new(Math.ScaleB(x.High, n), Math.ScaleB(x.Low, n));

    private static DoubleDouble Normal(double high, double low)
    {
        var sum = high + low;
        return new(sum, low - (sum - high));
    }
}
