using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Simd;

namespace RnnLab.Kernels.Products;

/// <summary>
/// Where groups of rows add their parts of some gradients: the first group into the gradients themselves, each other one into arrays of its own, which
/// are added in the end. So no thread waits for another's numbers on the way, and the order of all sums is given by the groups.
/// </summary>
internal sealed unsafe class PartialSums<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private readonly nint[] _own;
    private readonly long[] _counts;
    private readonly NativeBuffer? _memory;
    private readonly int _groups;

    /// <summary>Room for all groups.</summary>
    /// <param name="groups">How many.</param>
    /// <param name="gradients">The gradients' addresses, 0 for one that there is not, and their numbers of elements.</param>
    public PartialSums(int groups, params ReadOnlySpan<(nint Start, long Count)> gradients)
    {
        (_groups, _own, _counts) = (groups, new nint[gradients.Length], new long[gradients.Length]);
        for (var k = 0; k < gradients.Length; k++)
            (_own[k], _counts[k]) = gradients[k];
        _memory = groups > 1 ? BufferPool.Shared.Rent((groups - 1) * _counts.Sum() * sizeof(T)) : null;
    }

    /// <summary>Where group <paramref name="group"/> adds its part of gradient <paramref name="k"/>; what stands there at first is arbitrary for all groups but 0.</summary>
    public T* this[int group, int k]
    {
        get
        {
            if (group == 0 || _own[k] == 0)
                return (T*)_own[k];
            var start = (T*)_memory!.Start + (group - 1) * _counts.Sum();
            for (var before = 0; before < k; before++)
                start += _counts[before];
            return start;
        }
    }

    /// <summary>Part <paramref name="part"/> of <paramref name="parts"/> of adding all up; every group must be done.</summary>
    public void AddUp(int part, int parts)
    {
        for (var group = 1; group < _groups; group++)
            for (var k = 0; k < _own.Length; k++)
                if (_own[k] != 0)
                    AddUp((T*)_own[k], this[group, k], _counts[k] * part / parts, _counts[k] * (part + 1) / parts);
    }

    public void Dispose() => _memory?.Dispose();

    private static void AddUp(T* to, T* from, long k, long end)
    {
        for (; k + S.Count <= end; k += S.Count)
            S.Store(S.Add(S.Load(to + k), S.Load(from + k)), to + k);
        if (k < end)
            Elements<T>.Add(to + k, from + k, (int)(end - k));
    }
}
