using RnnLab.Kernels.Memory;
using RnnLab.Kernels.Simd;
using RnnLab.Kernels.Threads;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// Where the groups of rows of a backward pass add their weight gradients: the first into the parameters' own, each other one into an array of its own, which
/// is added in the end. So no thread waits for another's numbers on the way, and the order of all sums is given by the groups.
/// </summary>
internal sealed unsafe class PartialGradients<S, V, T> : IDisposable
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    private readonly LayerWeights<T> _own;
    private readonly NativeBuffer? _memory;
    private readonly long _weightIh, _weightHh, _bias;
    private readonly int _groups;

    public PartialGradients(LayerWeights<T> own, Sizes size, int gates, int groups)
    {
        (_own, _groups) = (own, groups);
        long rows = (long)gates * size.H;
        (_weightIh, _weightHh, _bias) = (rows * size.I, rows * size.H, rows);
        _memory = groups > 1 ? BufferPool.Shared.Rent((groups - 1) * Each * sizeof(T)) : null;
    }

    private long Each => _weightIh + _weightHh + 2 * _bias;

    /// <summary>Where group <paramref name="group"/> adds.</summary>
    public LayerWeights<T> this[int group]
    {
        get
        {
            if (group == 0)
                return _own;
            var start = Start(group);
            return new()
            {
                Ih = start,
                Hh = start + _weightIh,
                BiasIh = _own.BiasIh is null ? null : start + _weightIh + _weightHh,
                BiasHh = _own.BiasHh is null ? null : start + _weightIh + _weightHh + _bias,
            };
        }
    }

    /// <summary>Part <paramref name="part"/> of <paramref name="parts"/> of adding all up; every group must be done.</summary>
    public void AddUp(int part, int parts)
    {
        for (var group = 1; group < _groups; group++)
        {
            var from = this[group];
            AddUp(_own.Ih, from.Ih, _weightIh, part, parts);
            AddUp(_own.Hh, from.Hh, _weightHh, part, parts);
            AddUp(_own.BiasIh, from.BiasIh, _bias, part, parts);
            AddUp(_own.BiasHh, from.BiasHh, _bias, part, parts);
        }
    }

    public void Dispose() => _memory?.Dispose();

    private T* Start(int group) => (T*)_memory!.Start + (group - 1) * Each;

    private static void AddUp(T* to, T* from, long count, int part, int parts)
    {
        if (to is null)
            return;
        var (k, end) = (count * part / parts, count * (part + 1) / parts);
        for (; k + S.Count <= end; k += S.Count)
            S.Store(S.Add(S.Load(to + k), S.Load(from + k)), to + k);
        if (k < end)
            Elements<T>.Add(to + k, from + k, (int)(end - k));
    }
}
