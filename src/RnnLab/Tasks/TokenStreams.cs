namespace RnnLab.Tasks;

/// <summary>
/// Stretches of tokens as B streams of equal length that run side by side: row b of the batch continues, from chunk to chunk, where it
/// ended. One stretch is cut into B rows; B stretches are a row each. What does not fill a row is left out.
/// </summary>
public sealed class TokenStreams : IDisposable
{
    private readonly Tensor _tokens;

    /// <summary>Lays the tokens out on <paramref name="device"/>.</summary>
    /// <param name="parts">One stretch, or as many as <paramref name="batch"/>, each of at least two tokens.</param>
    /// <param name="batch">B.</param>
    /// <param name="device">Where the tokens go.</param>
    /// <exception cref="ArgumentException">There are neither one nor B stretches, or they are too short.</exception>
    public TokenStreams(IReadOnlyList<ReadOnlyMemory<long>> parts, int batch, Device device)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        if (parts.Count != 1 && parts.Count != batch)
            throw new ArgumentException($"{parts.Count} stretches do not make {batch} streams", nameof(parts));
        Steps = parts.Count == 1 ? (parts[0].Length - 1) / batch : parts.Min(part => part.Length) - 1;
        if (Steps < 1)
            throw new ArgumentException($"a stretch of {parts.Min(part => part.Length)} tokens is too short for {batch} streams", nameof(parts));
        // (steps + 1, B): the last row holds the targets of the last step.
        var columns = new long[(Steps + 1) * batch];
        for (var b = 0; b < batch; b++)
        {
            var row = (parts.Count == 1 ? parts[0][(b * Steps)..] : parts[b]).Span;
            for (var t = 0; t <= Steps; t++)
                columns[t * batch + b] = row[t];
        }
        using var scope = NewDisposeScope();
        _tokens = tensor(columns, [Steps + 1, batch]).to(device).DetachFromDisposeScope();
    }

    /// <summary>Steps of a stream.</summary>
    public int Steps { get; }

    /// <summary>Inputs and targets (steps, B) of some steps: views.</summary>
    public (Tensor Inputs, Tensor Targets) Slice(int first, int steps) => (_tokens.narrow(0, first, steps), _tokens.narrow(0, first + 1, steps));

    /// <summary>Frees the tokens.</summary>
    public void Dispose() => _tokens.Dispose();
}
