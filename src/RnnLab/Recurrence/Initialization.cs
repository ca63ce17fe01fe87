using RnnLab.Cells;
using RnnLab.Randomness;

namespace RnnLab.Recurrence;

/// <summary>How a recurrent layer's parameters start.</summary>
public sealed record Initialization
{
    /// <summary>PyTorch's: everything U(−1/√H, 1/√H).</summary>
    public static Initialization PyTorch { get; } = new();

    /// <summary>r of U(−r, r) for all parameters; null for PyTorch's 1/√H.</summary>
    /// <exception cref="ArgumentOutOfRangeException">r is not positive.</exception>
    public double? Range
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "range must be positive");
    }

    /// <summary>Whether each gate's block of W_hh (H, H) starts as a random orthogonal matrix (Saxe et al. 2014).</summary>
    public bool OrthogonalRecurrent { get; init; }

    /// <summary>
    /// b of the forget gate's whole bias b_ih + b_hh (Gers et al. 2000; Jozefowicz et al. 2015 advise 1): b_ih's part is set to b,
    /// b_hh's to 0. Null leaves both as drawn.
    /// </summary>
    public double? ForgetBias { get; init; }
}

/// <summary>Draws parameters; each has a random stream of its own, named after it.</summary>
internal sealed class InitialValues(Initialization initialization, Cell cell, ulong seed, ScalarType dtype, Device device)
{
    public Parameter Draw(string fullName, string kind, long[] shape)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var stream = new RandomStream(seed, $"init/{fullName}");
        var values = kind == "weight_hh" && initialization.OrthogonalRecurrent && cell.RecurrentWeight == RecurrentWeight.Matrix
            ? OrthogonalBlocks(stream, shape)
            : Uniform(stream, shape);
        if (initialization.ForgetBias is { } bias && kind is "bias_ih" or "bias_hh")
            SetForgetBias(values, kind == "bias_ih" ? bias : 0);
        return new Parameter(values.to(dtype).to(device).DetachFromDisposeScope());
    }

    private Tensor Uniform(RandomStream stream, long[] shape)
    {
        var r = initialization.Range ?? 1 / Math.Sqrt(cell.HiddenSize);
        return stream.Uniform(shape, -r, r);
    }

    /// <summary>Q of a Gaussian matrix's QR, with R's diagonal made positive so that Q is uniform over the orthogonal group (Mezzadri 2007).</summary>
    private Tensor OrthogonalBlocks(RandomStream stream, long[] shape)
    {
        var (H, columns) = (cell.HiddenSize, shape[1]);
        var gaussian = stream.Normal([cell.Gates, H, H]);
        var blocks = Enumerable.Range(0, cell.Gates).Select(gate =>
        {
            var (q, r) = linalg.qr(gaussian.select(0, gate));
            return (q * r.diagonal().sign()).narrow(1, 0, columns);
        });
        return cat(blocks.ToArray(), 0);
    }

    private void SetForgetBias(Tensor bias, double value)
    {
        var gate = cell.ForgetGate ?? throw new ArgumentException($"forget_bias: {cell.Name} has no forget gate");
        bias.narrow(0, gate * cell.HiddenSize, cell.HiddenSize).fill_(value);
    }
}
