using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;

namespace RnnLab.Recurrence.Kernels;

/// <summary>The adjoint of <see cref="OutputProjection{S, V, T}"/>, ∂m_t = W_hrᵀ ∂h_t; it keeps the ∂h of some steps for ∂W_hr = Σ ∂h mᵀ.</summary>
internal sealed unsafe class OutputProjectionBack<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private readonly Sizes _size;
    private readonly RowLayout _layout;
    private readonly int _steps;
    private readonly Panels<T> _hr;
    private readonly NativeBuffer _memory;
    private readonly T* _dh;

    /// <param name="size">The call's sizes.</param>
    /// <param name="layout">The tape's rows.</param>
    /// <param name="steps">Steps whose ∂h is kept at once.</param>
    public OutputProjectionBack(Sizes size, RowLayout layout, int steps)
    {
        (_size, _layout, _steps) = (size, layout, steps);
        _hr = new Panels<T>(size.O, S.Count, PanelColumns.Of(layout.Padded, S.Count));
        _memory = BufferPool.Shared.Rent(Numbers(layout, size.B, steps) * sizeof(T));
        M = (T*)_memory.Start;
        _dh = M + (nint)size.B * layout.Padded;
    }

    /// <summary>∂m of one step, rows of slots' width.</summary>
    public T* M { get; }

    /// <summary>Numbers that it holds beside the packed weight.</summary>
    public static long Numbers(RowLayout layout, int B, int steps) => B * ((long)layout.Padded + (long)steps * layout.PaddedOutput);

    /// <summary>∂h of step t.</summary>
    public T* H(int t) => _dh + (nint)(t % _steps) * _size.B * _layout.PaddedOutput;

    /// <summary>A thread's part of packing W_hr (P, H).</summary>
    public void Pack(T* weight, int worker, int threads)
    {
        var (from, to) = Job.Share(_hr.Count, worker, threads);
        Packing<T>.Rows(_hr, from, to, 0, weight, _size.H, _size.O, _size.H);
    }

    /// <summary>∂h_t = what came back from step t + 1 + what comes from the output, for rows and outputs of one thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Enter(int t, T* dh, T* dOutput, (int From, int To) rows, (int From, int To) outputs)
    {
        var (width, O) = ((nint)_layout.PaddedOutput, _size.O);
        T* to = H(t), dy = dOutput + (nint)_size.Steps.Offset(t) * O;
        var tail = stackalloc T[S.Count];
        for (nint row = rows.From; row < rows.To; row++)
            for (var k = outputs.From; k < outputs.To; k += S.Count)
                S.Store(S.Add(S.Load(dh + row * width + k), RowVector<S, V, T>.Load(dy + row * O, k, O, tail)), to + row * width + k);
    }

    /// <summary>∂m_t from the whole of ∂h_t, for rows and panels of units of one thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Product(int t, (int From, int To) rows, (int From, int To) panels)
    {
        var (width, padded) = ((nint)_layout.PaddedOutput, (nint)_layout.Padded);
        var zeros = stackalloc T[2 * S.Count];
        var dh = H(t);
        for (var p = panels.From; p < panels.To; p++)
            for (int row = rows.From, block; row < rows.To; row += block)
            {
                block = MicroKernel<S, V, T>.Next(rows.To - row);
                var to = M + row * padded + _hr.Columns[2 * p];
                MicroKernel<S, V, T>.Block(block, _size.O, dh + row * width, width, 1, _hr[p], _hr.Vectors(p), zeros, 0, S.Count, to, padded, S.Count);
            }
    }

    public void Dispose()
    {
        _hr.Dispose();
        _memory.Dispose();
    }
}
