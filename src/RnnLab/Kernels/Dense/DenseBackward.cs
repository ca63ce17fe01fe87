using System.Runtime.CompilerServices;
using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Products;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;

namespace RnnLab.Kernels.Dense;

/// <summary>
/// The adjoint of <see cref="DenseForward{S, V, T}"/>: dx = dy W, dW += dyᵀ x, db += Σ dy. Each thread takes its rows, some hundred at a time, through all three;
/// its parts of dW and db are added up in the end.
/// </summary>
internal sealed unsafe class DenseBackward<S, V, T> : Job, IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private const int Together = 256;

    private readonly DenseSizes _size;
    private readonly int _groups;
    private readonly Panels<T> _panels;
    private readonly PartialSums<S, V, T> _gradients;
    private readonly NativeBuffer _zeros;
    private readonly T* _x, _weight, _dy, _dx;
    private OwnPanels[] _own = [];

    /// <summary>A backward pass.</summary>
    /// <param name="size">Its sizes.</param>
    /// <param name="groups">Groups of rows, from <see cref="DenseSizes.Groups"/>.</param>
    /// <param name="x">The forward pass's input.</param>
    /// <param name="weight">W.</param>
    /// <param name="dy">∂L/∂y.</param>
    /// <param name="dx">Receives ∂L/∂x.</param>
    /// <param name="dWeight">∂L/∂W, added to.</param>
    /// <param name="dBias">∂L/∂b, added to.</param>
    public DenseBackward(DenseSizes size, int groups, T* x, T* weight, T* dy, T* dx, T* dWeight, T* dBias)
    {
        (_size, _groups) = (size, groups);
        _x = x;
        _weight = weight;
        _dy = dy;
        _dx = dx;
        _panels = new Panels<T>(size.O, S.Count, PanelColumns.Of(size.I, S.Count));
        _gradients = new PartialSums<S, V, T>(groups, ((nint)dWeight, (long)size.O * size.I), ((nint)dBias, size.O));
        _zeros = BufferPool.Shared.Rent(2L * S.Count * sizeof(T));
        new Span<T>(_zeros.Start, 2 * S.Count).Clear();
    }

    public override void Prepare(int threads)
    {
        base.Prepare(threads);
        _own = [.. Enumerable.Range(0, threads).Select(_ => new OwnPanels(_size.I))];
    }

    public override void Run(int worker)
    {
        var (from, to) = Share(_panels.Count, worker);
        if (from < to)
            Packing<T>.Rows(_panels, from, to, 0, _weight, _size.I, _size.O, _size.I);
        WaitForAll();
        for (var group = worker; group < _groups; group += Threads)
        {
            var (first, last) = Share(_size.N, group, _groups);
            for (var row = first; row < last; row += Together)
            {
                InputGradient(row, Math.Min(last, row + Together));
                WeightGradient(_own[worker], row, Math.Min(last, row + Together), group, fresh: group > 0 && row == first);
            }
        }
        WaitForAll();
        _gradients.AddUp(worker, Threads);
    }

    public void Dispose()
    {
        _panels.Dispose();
        _gradients.Dispose();
        _zeros.Dispose();
        foreach (var own in _own)
            own.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void InputGradient(int first, int last)
    {
        nint I = _size.I, O = _size.O;
        for (var p = 0; p < _panels.Count; p++)
        {
            var column = _panels.Columns[2 * p];
            for (int row = first, block; row < last; row += block)
            {
                block = MicroKernel<S, V, T>.Next(last - row);
                Tile<S, V, T>.Set(block, O, _dy + row * O, O, 1, _panels, p, (T*)_zeros.Start, _dx + row * I + column, I, _size.I - column);
            }
        }
    }

    private void WeightGradient(OwnPanels own, int first, int last, int group, bool fresh)
    {
        nint I = _size.I, O = _size.O;
        Packing<T>.Rows(own.Inputs, 0, own.Inputs.Count, 0, _x + first * I, I, last - first, _size.I);
        for (var column = 0; column < _size.O; column += GradientBand<S, V, T>.MostColumns)
        {
            own.Band.Start(_size.O - column);
            own.Band.Append(_dy + first * O + column, O, last - first);
            var none = new UpcomingRows<T>(null, 0, 0);
            own.Band.Add(own.Inputs, _size.I, _gradients[group, 0] + column * I, _size.O - column, _gradients[group, 1] + column, fresh, ref none);
        }
    }

    /// <summary>What a thread packs for itself.</summary>
    private sealed class OwnPanels(int inputs) : IDisposable
    {
        public Panels<T> Inputs { get; } = new(Together, S.Count, PanelColumns.Of(inputs, S.Count));

        public GradientBand<S, V, T> Band { get; } = new(Together);

        public void Dispose()
        {
            Inputs.Dispose();
            Band.Dispose();
        }
    }
}
