using RnnLab.Kernels.Memory;

namespace RnnLab.Recurrence.Kernels;

/// <summary>The weights of one number a unit, in whole vectors; nothing for a cell without them.</summary>
internal sealed unsafe class UnitWeights<T> : IDisposable
    where T : unmanaged
{
    private readonly NativeBuffer? _memory;

    /// <param name="slots">The cell's slots, which tell how many they are.</param>
    /// <param name="weights">Rows (·, H) without gaps.</param>
    /// <param name="layout">Widths.</param>
    public UnitWeights(GateSlots slots, T* weights, RowLayout layout)
    {
        var count = slots.UnitWeights.Count;
        if (count == 0)
            return;
        _memory = BufferPool.Shared.Rent((long)count * layout.Padded * sizeof(T));
        Start = (T*)_memory.Start;
        StateRows.Widen(weights, layout.Units, Start, layout.Padded, 0, count);
    }

    /// <summary>The first; from one to the next it is as far as from slot to slot.</summary>
    public T* Start { get; }

    public void Dispose() => _memory?.Dispose();
}
