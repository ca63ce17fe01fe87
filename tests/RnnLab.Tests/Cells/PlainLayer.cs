using RnnLab.Recurrence;

namespace RnnLab.Tests.Cells;

/// <summary>A layer's weights as plain numbers, for <see cref="PlainCells"/>; asked for what they are not, they say so.</summary>
internal sealed class PlainLayer
{
    private readonly Dictionary<string, (long[] Shape, double[] Values)> _weights;

    public PlainLayer(RecurrentLayer layer)
    {
        H = (int)layer.Cell.HiddenSize;
        _weights = layer.Parameters.Named(layer.Cell, "l0")
            .ToDictionary(p => p.Name[..^"_l0".Length], p => (p.Parameter.shape, p.Parameter.detach().data<double>().ToArray()));
    }

    public int H { get; }

    public double[] Each(Func<int, double> f) => [.. Enumerable.Range(0, H).Select(f)];

    public double[] Rows(int gates, Func<int, int, double> f) => [.. Enumerable.Range(0, gates).SelectMany(g => Each(j => f(g, j)))];

    /// <summary>(W_ih x + b_ih) of unit j of a gate.</summary>
    public double A(int gate, int j, double[] x) => Row("weight_ih", "bias_ih", gate * H + j, x);

    /// <summary>(W_hh u + b_hh) of unit j of a gate.</summary>
    public double Q(int gate, int j, double[] u) => Row("weight_hh", "bias_hh", gate * H + j, u);

    /// <summary>The sum of both.</summary>
    public double Z(int gate, int j, double[] x, double[] h) => A(gate, j, x) + Q(gate, j, h);

    /// <summary>w_hh ⊙ h + b_hh of unit j.</summary>
    public double Diagonal(int j, double[] h) => Of("weight_hh", H).Values[j] * Unit(h, j) + Of("bias_hh", H).Values[j];

    /// <summary>Unit j of a state that is as wide as the layer.</summary>
    public double Unit(double[] h, int j) => h.Length == H ? h[j] : throw new MisfitException();

    /// <summary>W_hr m.</summary>
    public double[] Project(double[] m)
    {
        var P = (int)Of("weight_hr").Shape[0];
        return [.. Enumerable.Range(0, P).Select(row => Row("weight_hr", null, row, m))];
    }

    /// <summary>An own parameter.</summary>
    public double[] Own(string name, int count) => Of(name, count).Values;

    /// <summary>A row normalised to mean 0 and variance 1, with gains and biases.</summary>
    public double[] Normal(string name, double[] row)
    {
        double[] gain = Own($"weight_{name}", row.Length), bias = Own($"bias_{name}", row.Length);
        var mean = row.Sum() / row.Length;
        var deviation = Math.Sqrt(row.Sum(v => (v - mean) * (v - mean)) / row.Length + 1e-5);
        return [.. row.Select((v, j) => gain[j] * (v - mean) / deviation + bias[j])];
    }

    private double Row(string weight, string? bias, int row, double[] u)
    {
        var (shape, W) = Of(weight);
        if (shape.Length != 2 || row >= shape[0] || shape[1] != u.Length)
            throw new MisfitException();
        var sum = bias is not null && _weights.TryGetValue(bias, out var b) ? b.Values[row] : 0;
        for (var i = 0; i < u.Length; i++)
            sum += W[row * u.Length + i] * u[i];
        return sum;
    }

    private (long[] Shape, double[] Values) Of(string name, int? count = null)
        => _weights.TryGetValue(name, out var found) && (count ?? found.Values.Length) == found.Values.Length
            ? found
            : throw new MisfitException();
}

/// <summary>These weights are not of the shapes that a variant needs.</summary>
internal sealed class MisfitException : Exception;
