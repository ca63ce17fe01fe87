using RnnLab.Layers;

namespace RnnLab.Models;

/// <summary>
/// A memory that rows of decoder states attend to, held by all states whose rows have the same inputs in the same order: what the attention computes of it is
/// computed once, and beam search, which reorders the hypotheses of an input among themselves, copies nothing.
/// </summary>
internal sealed class SharedMemory : IDisposable
{
    private readonly Attention _attention;
    private readonly Tensor _memory;
    private readonly Tensor? _mask;
    private readonly long[] _inputs;
    private int _holders = 1;

    private SharedMemory(Attention attention, Tensor memory, Tensor? mask, long[] inputs)
    {
        (_attention, _memory, _mask, _inputs) = (attention, memory.DetachFromDisposeScope(), mask?.DetachFromDisposeScope(), inputs);
        Pass = attention.Begin(_memory, _mask, record: false);
    }

    /// <summary>The attention to it.</summary>
    public AttentionPass Pass { get; }

    /// <summary>The memory of a batch.</summary>
    public static SharedMemory Of(Attention attention, Encoding encoding)
        => new(attention, encoding.Memory!.alias(), encoding.Mask?.alias(), [.. Enumerable.Range(0, (int)encoding.Batch).Select(row => (long)row)]);

    /// <summary>Another holder's handle on it.</summary>
    public SharedMemory Share()
    {
        _holders++;
        return this;
    }

    /// <summary>The memory of some rows: the same one where they have the same inputs in the same order.</summary>
    public SharedMemory Select(Tensor rows)
    {
        using var scope = NewDisposeScope();
        long[] inputs = [.. rows.cpu().data<long>().Select(row => _inputs[row])];
        return inputs.SequenceEqual(_inputs) ? Share() : new(_attention, _memory.index_select(1, rows), _mask?.index_select(1, rows), inputs);
    }

    /// <summary>Lets go of it; the last holder frees it.</summary>
    public void Dispose()
    {
        if (--_holders > 0)
            return;
        Pass.Dispose();
        _memory.Dispose();
        _mask?.Dispose();
    }
}
