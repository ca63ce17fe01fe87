using System.Runtime.CompilerServices;
using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;

namespace RnnLab.Recurrence.Kernels;

/// <summary>h_t = W_hr m_t of a projecting cell, step by step, from the slot that holds m. W_hr is packed once.</summary>
internal sealed unsafe class OutputProjection<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private readonly Sizes _size;
    private readonly RowLayout _layout;
    private readonly nint _slot;
    private readonly Panels<T> _hr;
    private readonly T* _output;

    /// <param name="size">The call's sizes.</param>
    /// <param name="layout">The tape's rows.</param>
    /// <param name="output">Receives the outputs of all steps, or null where nobody wants them.</param>
    public OutputProjection(Sizes size, RowLayout layout, T* output)
    {
        (_size, _layout, _slot) = (size, layout, layout.LastSlot);
        _hr = new Panels<T>(size.H, S.Count, PanelColumns.Of(layout.PaddedOutput, S.Count));
        _output = output;
    }

    /// <summary>Panels of outputs, which are divided among the threads that share rows.</summary>
    public int Panels => _hr.Count;

    /// <summary>A thread's part of packing W_hr (P, H).</summary>
    public void Pack(T* weight, int worker, int threads)
    {
        var (from, to) = Job.Share(_hr.Columns.Length, worker, threads);
        for (var half = from; half < to; half++)
        {
            var first = _hr.Columns[half];
            Packing<T>.Transposed(_hr, half, weight + (nint)first * _size.H, Math.Clamp(_size.O - first, 0, S.Count));
        }
    }

    /// <summary>Step t, for rows and panels of one thread, from the whole of those rows' m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(SequenceMemory<T> memory, int t, (int From, int To) rows, (int From, int To) panels)
    {
        var (stride, width) = ((nint)_layout.Stride, (nint)_layout.PaddedOutput);
        var zeros = stackalloc T[2 * S.Count];
        T* m = memory.Gates(t) + _slot, h = memory.H(t + 1);
        for (var p = panels.From; p < panels.To; p++)
            for (int row = rows.From, block; row < rows.To; row += block)
            {
                block = MicroKernel<S, V, T>.Next(rows.To - row);
                var to = h + row * width + _hr.Columns[2 * p];
                MicroKernel<S, V, T>.Block(block, _size.H, m + row * stride, stride, 1, _hr[p], _hr.Vectors(p), zeros, 0, S.Count, to, width, S.Count);
            }
        if (_output is not null)
            WriteOutput(t, h, rows, panels);
    }

    public void Dispose() => _hr.Dispose();

    private void WriteOutput(int t, T* h, (int From, int To) rows, (int From, int To) panels)
    {
        var from = panels.From * 2 * S.Count;
        var count = Math.Min(_size.O, panels.To * 2 * S.Count) - from;
        for (nint row = rows.From; row < rows.To && count > 0; row++)
            new Span<T>(h + row * _layout.PaddedOutput + from, count).CopyTo(new Span<T>(_output + ((nint)_size.Steps.Offset(t) + row) * _size.O + from, count));
    }
}
