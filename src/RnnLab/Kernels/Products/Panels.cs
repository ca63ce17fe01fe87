using RnnLab.Kernels.Memory;

namespace RnnLab.Kernels.Products;

/// <summary>
/// The second factor of a product, (K, N), in the order that <see cref="MicroKernel{S, V, T}"/> reads it: panels of two vectors of columns,
/// each K rows without gaps. Every vector knows its place in a row of the result, so that one panel may hold columns that lie far apart there.
/// </summary>
internal sealed unsafe class Panels<T> : IDisposable
    where T : unmanaged
{
    private readonly NativeBuffer _memory;

    /// <summary>Room for panels.</summary>
    /// <param name="k">K.</param>
    /// <param name="vector">Elements of a vector.</param>
    /// <param name="columns">For each vector of columns, in order, where it goes in a row of the result; an even number of them.</param>
    public Panels(int k, int vector, IReadOnlyList<int> columns)
    {
        (K, Vector, Columns) = (k, vector, columns);
        _memory = BufferPool.Shared.Rent((long)Count * Stride * sizeof(T));
    }

    /// <summary>K.</summary>
    public int K { get; }

    /// <summary>Elements of a vector.</summary>
    public int Vector { get; }

    /// <summary>Where each vector goes.</summary>
    public IReadOnlyList<int> Columns { get; }

    /// <summary>The number of panels.</summary>
    public int Count => Columns.Count / 2;

    /// <summary>Elements of a panel.</summary>
    public nint Stride => (nint)K * 2 * Vector;

    /// <summary>Panel <paramref name="p"/>.</summary>
    public T* this[int p] => (T*)_memory.Start + p * Stride;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory.Dispose();
}
