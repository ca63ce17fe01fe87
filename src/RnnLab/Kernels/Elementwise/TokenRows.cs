using System.Numerics;
using System.Runtime.InteropServices;

namespace RnnLab.Kernels.Elementwise;

/// <summary>Sums of the rows that go with a token: the adjoint of a look-up.</summary>
internal static class TokenRows
{
    /// <summary>table[id_n] += rows[n], in the order of n.</summary>
    /// <param name="table">(V, width).</param>
    /// <param name="ids">(N).</param>
    /// <param name="rows">(N, width).</param>
    /// <param name="width">The elements of a row.</param>
    /// <exception cref="ArgumentException">There are not as many rows as tokens, or a token has no row in the table.</exception>
    public static void Add<T>(Span<T> table, ReadOnlySpan<long> ids, ReadOnlySpan<T> rows, int width) where T : unmanaged, INumber<T>
    {
        if (rows.Length != (long)ids.Length * width)
            throw new ArgumentException($"{ids.Length} tokens with {rows.Length} elements in rows of {width}");
        var V = table.Length / width;
        for (var n = 0; n < ids.Length; n++)
        {
            if ((ulong)ids[n] >= (ulong)V)
                throw new ArgumentOutOfRangeException(nameof(ids), ids[n], $"a token must be one of {V}, from 0");
            Add(table.Slice((int)ids[n] * width, width), rows.Slice(n * width, width));
        }
    }

    private static void Add<T>(Span<T> sum, ReadOnlySpan<T> row) where T : unmanaged, INumber<T>
    {
        ref var to = ref MemoryMarshal.GetReference(sum);
        ref var from = ref MemoryMarshal.GetReference(row);
        var i = 0;
        for (; i <= sum.Length - Vector<T>.Count; i += Vector<T>.Count)
            (Vector.LoadUnsafe(ref to, (nuint)i) + Vector.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (; i < sum.Length; i++)
            sum[i] += row[i];
    }
}
