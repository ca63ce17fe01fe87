namespace RnnLab.Tests.Cells;

/// <summary>Every variant written down once more, in loops over numbers, apart from the cells and from tensors.</summary>
internal static class PlainCells
{
    /// <summary>s_t = (h_t, c_t) from x_t and s_{t-1}; c is empty where the variant has none.</summary>
    public delegate (double[] H, double[] C) Step(PlainLayer w, double[] x, double[] h, double[] c);

    public static readonly Dictionary<string, Step> Steps = new()
    {
        ["rnn tanh"] = (w, x, h, c) => (w.Each(j => Math.Tanh(w.Z(0, j, x, h))), []),
        ["rnn relu"] = (w, x, h, c) => (w.Each(j => Math.Max(0, w.Z(0, j, x, h))), []),
        ["indrnn relu"] = (w, x, h, c) => (w.Each(j => Math.Max(0, w.A(0, j, x) + w.Diagonal(j, h))), []),
        ["indrnn tanh"] = (w, x, h, c) => (w.Each(j => Math.Tanh(w.A(0, j, x) + w.Diagonal(j, h))), []),
        ["rnn deep transition"] = (w, x, h, c) => (Transition(w, x, h, 2), []),
        ["rnn deep transition of 4"] = (w, x, h, c) => (Transition(w, x, h, 4), []),
        ["lstm"] = (w, x, h, c) => Lstm(w, x, h, c),
        ["lstm projected"] = (w, x, h, c) =>
        {
            var (m, after) = Lstm(w, x, h, c);
            return (w.Project(m), after);
        },
        ["lstm peephole"] = (w, x, h, c) =>
        {
            var p = w.Own("weight_p", 3 * w.H);
            var after = w.Each(j => Sigmoid(w.Z(1, j, x, h) + p[w.H + j] * c[j]) * c[j] + Sigmoid(w.Z(0, j, x, h) + p[j] * c[j]) * Math.Tanh(w.Z(2, j, x, h)));
            return (w.Each(j => Sigmoid(w.Z(3, j, x, h) + p[2 * w.H + j] * after[j]) * Math.Tanh(after[j])), after);
        },
        ["lstm coupled"] = (w, x, h, c) =>
        {
            var after = w.Each(j => Sigmoid(w.Z(0, j, x, h)) * c[j] + (1 - Sigmoid(w.Z(0, j, x, h))) * Math.Tanh(w.Z(1, j, x, h)));
            return (w.Each(j => Sigmoid(w.Z(2, j, x, h)) * Math.Tanh(after[j])), after);
        },
        ["lstm 1997"] = (w, x, h, c) =>
        {
            var after = w.Each(j => c[j] + Sigmoid(w.Z(0, j, x, h)) * Math.Tanh(w.Z(1, j, x, h)));
            return (w.Each(j => Sigmoid(w.Z(2, j, x, h)) * Math.Tanh(after[j])), after);
        },
        ["lstm layer norm"] = (w, x, h, c) =>
        {
            var z = NormalSum(w, 4, x, h);
            var after = w.Each(j => Sigmoid(z(1, j)) * c[j] + Sigmoid(z(0, j)) * Math.Tanh(z(2, j)));
            var n = w.Normal("ln_c", after);
            return (w.Each(j => Sigmoid(z(3, j)) * Math.Tanh(n[j])), after);
        },
        ["gru"] = (w, x, h, c) => (Gru(w, h, (g, j) => w.A(g, j, x), (g, j) => w.Q(g, j, h)), []),
        ["gru reset before"] = (w, x, h, c) =>
        {
            var reset = w.Each(j => Sigmoid(w.Z(0, j, x, h)) * w.Unit(h, j));
            return (w.Each(j => Mix(Sigmoid(w.Z(1, j, x, h)), w.Unit(h, j), Math.Tanh(w.Z(2, j, x, reset)))), []);
        },
        ["gru layer norm"] = (w, x, h, c) =>
        {
            var a = w.Normal("ln_ih", w.Rows(3, (g, j) => w.A(g, j, x)));
            var q = w.Normal("ln_hh", w.Rows(3, (g, j) => w.Q(g, j, h)));
            return (Gru(w, h, (g, j) => a[g * w.H + j], (g, j) => q[g * w.H + j]), []);
        },
        ["mgu"] = (w, x, h, c) =>
        {
            var gated = w.Each(j => Sigmoid(w.Z(0, j, x, h)) * w.Unit(h, j));
            return (w.Each(j => Mix(1 - Sigmoid(w.Z(0, j, x, h)), w.Unit(h, j), Math.Tanh(w.Z(1, j, x, gated)))), []);
        },
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Mix(double keep, double old, double @new) => keep * old + (1 - keep) * @new;

    private static double[] Transition(PlainLayer w, double[] x, double[] h, int depth)
    {
        var u = w.Each(j => Math.Tanh(w.Z(0, j, x, h)));
        for (var layer = 1; layer < depth; layer++)
        {
            var (below, gate) = (u, layer);
            u = w.Each(j => Math.Tanh(w.Q(gate, j, below)));
        }
        return u;
    }

    private static (double[] H, double[] C) Lstm(PlainLayer w, double[] x, double[] h, double[] c)
    {
        var after = w.Each(j => Sigmoid(w.Z(1, j, x, h)) * c[j] + Sigmoid(w.Z(0, j, x, h)) * Math.Tanh(w.Z(2, j, x, h)));
        return (w.Each(j => Sigmoid(w.Z(3, j, x, h)) * Math.Tanh(after[j])), after);
    }

    private static double[] Gru(PlainLayer w, double[] h, Func<int, int, double> a, Func<int, int, double> q)
        => w.Each(j =>
        {
            var n = Math.Tanh(a(2, j) + Sigmoid(a(0, j) + q(0, j)) * q(2, j));
            return Mix(Sigmoid(a(1, j) + q(1, j)), w.Unit(h, j), n);
        });

    private static Func<int, int, double> NormalSum(PlainLayer w, int gates, double[] x, double[] h)
    {
        var a = w.Normal("ln_ih", w.Rows(gates, (g, j) => w.A(g, j, x)));
        var q = w.Normal("ln_hh", w.Rows(gates, (g, j) => w.Q(g, j, h)));
        return (g, j) => a[g * w.H + j] + q[g * w.H + j];
    }
}
