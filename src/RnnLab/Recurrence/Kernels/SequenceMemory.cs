using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// The memory of a fused pass over the steps [from, to) of a sequence: per step a row of slots for each row of the batch, and the states around the steps.
/// A recording pass has room for all of them and is its own tape; one that records nothing goes round in the room of a few.
/// <para>Numbers for T recorded steps: T·B·(slots·H' + v) + (T + 1)·B·O' for h and (T + 1)·B·H' for c, with H' = H and O' = O in whole vectors of v.</para>
/// </summary>
internal sealed unsafe class SequenceMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly StepRows _steps;
    private readonly NativeBuffer _memory;
    private readonly T* _gates, _h, _c;
    private readonly nint _stride, _hWidth, _cWidth;
    private readonly int _from, _rows, _ring;
    private readonly bool _isEven;

    private SequenceMemory(RowLayout layout, bool hasCellState, StepRows steps, int from, long gateRows, long stateRows, int ring)
    {
        (_steps, _from, _rows, _ring) = (steps, from, steps.Active(from), ring);
        // From step to step equally far, which is quicker to reckon.
        _isEven = ring == 0 && steps.IsUniform;
        (_stride, _hWidth, _cWidth) = (layout.Stride, layout.PaddedOutput, layout.Padded);
        Bytes = Numbers(layout, hasCellState, gateRows, stateRows) * sizeof(T);
        _memory = BufferPool.Shared.Rent(Bytes);
        _gates = (T*)_memory.Start;
        _h = _gates + gateRows * _stride;
        _c = hasCellState ? _h + stateRows * _hWidth : null;
    }

    /// <summary>Room to record the steps [from, to).</summary>
    public static SequenceMemory<T> Recording(RowLayout layout, bool hasCellState, StepRows steps, int from, int to)
    {
        var rows = steps.Offset(to) - steps.Offset(from);
        return new(layout, hasCellState, steps, from, rows, rows + steps.Active(from), 0);
    }

    /// <summary>Room for <paramref name="gateSteps"/> steps at a time, and for the states before and after one.</summary>
    public static SequenceMemory<T> Passing(RowLayout layout, bool hasCellState, StepRows steps, int from, int gateSteps)
    {
        long rows = steps.Active(from);
        return new(layout, hasCellState, steps, from, rows * gateSteps, 2 * rows, gateSteps);
    }

    /// <summary>What it takes.</summary>
    public long Bytes { get; }

    /// <summary>Numbers that it holds.</summary>
    public static long Numbers(RowLayout layout, bool hasCellState, long gateRows, long stateRows)
        => gateRows * layout.Stride + stateRows * (layout.PaddedOutput + (hasCellState ? layout.Padded : 0));

    /// <summary>The slots of step <paramref name="t"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Gates(int t) => _gates + _stride * (_isEven ? (nint)(t - _from) * _rows : GateRow(t));

    /// <summary>Rows from one step's slots to the next one's, where the steps have equally many.</summary>
    public nint RowsPerStep(int t) => _ring > 0 ? _rows : _steps.Active(t);

    /// <summary>h before step <paramref name="t"/>, which is h after step t − 1.</summary>
    public T* H(int t) => _h + StateRow(t) * _hWidth;

    /// <summary>c before step <paramref name="t"/>, or null.</summary>
    public T* C(int t) => _c is null ? null : _c + StateRow(t) * _cWidth;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint StateRow(int t) => _isEven ? (nint)(t - _from) * _rows : UnevenStateRow(t);

    private nint GateRow(int t) => _ring > 0 ? (nint)((t - _from) % _ring) * _rows : (nint)(_steps.Offset(t) - _steps.Offset(_from));

    private nint UnevenStateRow(int t)
        => t == _from ? 0 : _ring > 0 ? (nint)((t - _from) % 2) * _rows : (nint)(_rows + _steps.Offset(t - 1) - _steps.Offset(_from));
}
