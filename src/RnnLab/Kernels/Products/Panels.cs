using RnnLab.Kernels.Memory;

namespace RnnLab.Kernels.Products;

/// <summary>
/// The second factor of a product, (K, N), in the order that <see cref="MicroKernel{S, V, T}"/> reads it: panels of two vectors of columns
/// (the last may be one), each K rows without gaps. Every vector knows its place in a row of the result, so that one panel may hold columns that lie far apart there.
/// </summary>
internal sealed unsafe class Panels<T> : IDisposable
    where T : unmanaged
{
    private readonly NativeBuffer _memory;

    /// <summary>Room for panels.</summary>
    /// <param name="k">K.</param>
    /// <param name="vector">Elements of a vector.</param>
    /// <param name="columns">For each vector of columns, in order, where it goes in a row of the result.</param>
    public Panels(int k, int vector, int[] columns)
    {
        (K, Vector, Columns) = (k, vector, columns);
        _memory = BufferPool.Shared.Rent((long)Count * Stride * sizeof(T));
    }

    /// <summary>K.</summary>
    public int K { get; }

    /// <summary>Elements of a vector.</summary>
    public int Vector { get; }

    /// <summary>Where each vector goes.</summary>
    public int[] Columns { get; }

    /// <summary>The number of panels.</summary>
    public int Count => (Columns.Length + 1) / 2;

    /// <summary>From one panel to the next.</summary>
    public nint Stride => (nint)K * 2 * Vector;

    /// <summary>The vectors of panel <paramref name="p"/>, 2 or 1.</summary>
    public int Vectors(int p) => Math.Min(2, Columns.Length - 2 * p);

    /// <summary>Where panel <paramref name="p"/>'s second vector goes, seen from its first; of no meaning where there is none.</summary>
    public int Second(int p) => Vectors(p) == 2 ? Columns[2 * p + 1] - Columns[2 * p] : 0;

    /// <summary>Panel <paramref name="p"/>.</summary>
    public T* this[int p] => (T*)_memory.Start + p * Stride;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _memory.Dispose();
}
