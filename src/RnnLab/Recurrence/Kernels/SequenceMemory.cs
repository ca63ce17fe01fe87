using RnnLab.Kernels.Memory;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// The memory of a fused pass over a sequence: per step a row of slots for each row of the batch, and the states around the steps.
/// A recording pass has room for all T steps and is its own tape; one that records nothing goes round in the room of a few.
/// <para>Numbers for T recorded steps: T·B·(slots·H' + v) + (T + 1)·B·H' for h and as many for c, with H' = H in whole vectors of v.</para>
/// </summary>
internal sealed unsafe class SequenceMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly NativeBuffer _memory;
    private readonly T* _h, _c;
    private readonly int _gateSteps, _stateSteps;
    private readonly nint _gateStep, _stateStep;

    public SequenceMemory(RowLayout layout, bool hasCellState, int batch, int gateSteps, int stateSteps)
    {
        (_gateSteps, _stateSteps) = (gateSteps, stateSteps);
        (_gateStep, _stateStep) = ((nint)batch * layout.Stride, (nint)batch * layout.Padded);
        _memory = BufferPool.Shared.Rent(Numbers(layout, hasCellState, batch, gateSteps, stateSteps) * sizeof(T));
        _h = (T*)_memory.Start + gateSteps * _gateStep;
        _c = hasCellState ? _h + stateSteps * _stateStep : null;
    }

    /// <summary>Numbers that it holds.</summary>
    public static long Numbers(RowLayout layout, bool hasCellState, long batch, long gateSteps, long stateSteps)
        => gateSteps * batch * layout.Stride + stateSteps * batch * layout.Padded * (hasCellState ? 2 : 1);

    /// <summary>The slots of step <paramref name="t"/>, from 0.</summary>
    public T* Gates(int t) => (T*)_memory.Start + t % _gateSteps * _gateStep;

    /// <summary>h after <paramref name="t"/> steps.</summary>
    public T* H(int t) => _h + t % _stateSteps * _stateStep;

    /// <summary>c after <paramref name="t"/> steps, or null.</summary>
    public T* C(int t) => _c is null ? null : _c + t % _stateSteps * _stateStep;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory.Dispose();
}
