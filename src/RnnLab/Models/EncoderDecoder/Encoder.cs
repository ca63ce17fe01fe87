using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Models;

/// <summary>What an encoder tells a decoder of a batch.</summary>
/// <param name="Memory">The vectors that attention chooses among, (S, B, M), or null where there is no attention.</param>
/// <param name="Mask">(S, B), bool, true within a sequence; null where all have S steps, or there is no memory.</param>
/// <param name="Levels">The final state of each level, both directions side by side, from the lowest up; of an input vector the vector as h.</param>
internal sealed record Encoding(Tensor? Memory, Tensor? Mask, IReadOnlyList<CellState> Levels) : IDisposable
{
    /// <summary>B.</summary>
    public long Batch => Summary.shape[0];

    /// <summary>The fixed context C, (B, C).</summary>
    public Tensor Summary => Levels[^1].H;

    public void Dispose()
    {
        Memory?.Dispose();
        Mask?.Dispose();
        foreach (var level in Levels)
            level.Dispose();
    }
}

/// <summary>The part of an encoder–decoder that reads the input.</summary>
internal abstract class Encoder() : PlacedModule("encoder")
{
    /// <summary>The widths of each level's h, and of its c or 0, as an <see cref="Encoding"/> has them.</summary>
    public abstract IReadOnlyList<(long H, long C)> LevelWidths { get; }

    /// <summary>M, the width of a memory vector; 0 where there can be none.</summary>
    public abstract long MemorySize { get; }

    /// <summary>Reads a batch.</summary>
    /// <param name="inputs">(S, B) tokens, or (S, B, K).</param>
    /// <param name="lengths">Steps of each, or null for S.</param>
    /// <param name="record">Whether there is to be a backward.</param>
    /// <param name="firstStep">The number of the first time step.</param>
    public abstract EncoderPass Forward(Tensor inputs, SequenceLengths? lengths, bool record, long firstStep);
}

/// <summary>A batch that an encoder has read.</summary>
internal abstract class EncoderPass(Encoding encoding) : IDisposable
{
    /// <summary>What it tells the decoder: this object's own.</summary>
    public Encoding Encoding { get; } = encoding;

    /// <summary>Adds the gradients of the parameters; once.</summary>
    /// <param name="dMemory">∂L/∂memory, or null.</param>
    /// <param name="dLevels">∂L/∂ of each level's final state.</param>
    public abstract void Backward(Tensor? dMemory, IReadOnlyList<CellState> dLevels);

    public virtual void Dispose() => Encoding.Dispose();
}
