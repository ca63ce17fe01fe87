using RnnLab.Cells;
using RnnLab.Randomness;

namespace RnnLab.Recurrence;

/// <summary>Draws parameters; each has a random stream of its own, named after it.</summary>
internal sealed class InitialValues(Initialization initialization, Cell cell, ulong seed, ScalarType dtype, Device device)
{
    // Event 0 of a parameter's stream is the parameter itself.
    private const ulong ChronoEvent = 1;

    private readonly string _gateBias = cell.HasProjectionBiases ? "bias_ih" : cell.OwnParameters.FirstOrDefault(own => own.IsGateBias)?.Name ?? "";

    public Parameter Draw(string fullName, string kind, long[] shape)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var stream = new RandomStream(seed, $"init/{fullName}");
        var values = Values(stream, kind, shape);
        if (kind == _gateBias)
            SetMemory(values, stream);
        else if (kind == "bias_hh")
            ClearMemory(values);
        return new Parameter(values.to(dtype).to(device).DetachFromDisposeScope());
    }

    private Tensor Values(RandomStream stream, string kind, long[] shape)
    {
        if (kind == "weight_hh")
            return Recurrent(stream, shape);
        var start = kind is "bias_ih" or "bias_hh" ? initialization.ZeroBias ? 0 : null : cell.OwnParameters.FirstOrDefault(own => own.Name == kind)?.Start;
        return start is { } value ? full(shape, value, ScalarType.Float64) : Uniform(stream, shape);
    }

    private Tensor Recurrent(RandomStream stream, long[] shape)
    {
        var isDiagonal = cell.RecurrentWeight == RecurrentWeight.Diagonal;
        return initialization.Recurrent switch
        {
            RecurrentStart.Orthogonal => OrthogonalBlocks(stream, shape),
            RecurrentStart.Identity when isDiagonal => full(shape, initialization.RecurrentScale, ScalarType.Float64),
            RecurrentStart.Identity => cat([.. Enumerable.Repeat(eye(cell.HiddenSize, shape[1], ScalarType.Float64) * initialization.RecurrentScale, cell.Gates)], 0),
            _ when isDiagonal && initialization.Range is null => -stream.Uniform(shape, -1, 0), // (0, 1]
            _ => Uniform(stream, shape),
        };
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

    /// <summary>Sets the biases of the gates that decide how long the state lasts, where the initialisation has a word on them.</summary>
    private void SetMemory(Tensor bias, RandomStream stream)
    {
        if (initialization.ForgetBias is { } value)
            Block(bias, cell.ForgetGate!.Value).fill_(value);
        if (initialization.Chrono is not { } T_max)
            return;
        var b = stream.Uniform([cell.HiddenSize], 1, T_max - 1, ChronoEvent).log();
        var (gate, keeps) = cell.MemoryGate!.Value;
        Block(bias, gate).copy_(keeps ? b : -b);
        if (cell.InputGate is { } i)
            Block(bias, i).copy_(-b);
    }

    /// <summary>Sets the same gates' part of b_hh to 0, so that b_ih's is the whole bias.</summary>
    private void ClearMemory(Tensor bias)
    {
        int?[] gates = initialization.Chrono is not null ? [cell.MemoryGate?.Gate, cell.InputGate] : initialization.ForgetBias is not null ? [cell.ForgetGate] : [];
        foreach (var gate in gates.OfType<int>())
            Block(bias, gate).zero_();
    }

    private Tensor Block(Tensor bias, int gate) => bias.narrow(0, gate * cell.HiddenSize, cell.HiddenSize);
}
