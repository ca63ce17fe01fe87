namespace RnnLab.Tasks;

/// <summary>The classical fourth-order method of Runge (1895) and Kutta (1901) with a fixed step, for x' = f(x).</summary>
public static class RungeKutta
{
    /// <summary>One step: x + h/6·(k1 + 2 k2 + 2 k3 + k4), k1 = f(x), k2 = f(x + h/2·k1), k3 = f(x + h/2·k2), k4 = f(x + h·k3).</summary>
    /// <param name="f">The derivative of a state.</param>
    /// <param name="x">The state.</param>
    /// <param name="h">The step.</param>
    public static double[] Step(Func<double[], double[]> f, double[] x, double h)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(x);
        var k1 = f(x);
        var k2 = f(Along(x, k1, h / 2));
        var k3 = f(Along(x, k2, h / 2));
        var k4 = f(Along(x, k3, h));
        var next = new double[x.Length];
        for (var i = 0; i < next.Length; i++)
            next[i] = x[i] + h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
        return next;
    }

    private static double[] Along(double[] x, double[] slope, double h)
    {
        var point = new double[x.Length];
        for (var i = 0; i < point.Length; i++)
            point[i] = x[i] + h * slope[i];
        return point;
    }
}
