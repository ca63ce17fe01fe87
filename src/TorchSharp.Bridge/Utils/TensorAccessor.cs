using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Reads and writes the elements of a CPU tensor in row-major order, whatever its strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly long[] sizes;
    private readonly long[] strides;
    private readonly T* origin;
    private torch.Tensor? tensor;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
        {
            throw new InvalidOperationException(
                "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }
        sizes = tensor.shape;
        strides = tensor.stride();
        origin = (T*)tensor.DataPointer;
        this.tensor = tensor;
        Count = sizes.Aggregate(1L, static (product, size) => product * size);
        IsPacked = tensor.is_contiguous();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    private bool IsPacked { get; }

    public T this[params long[] indices]
    {
        get
        {
            var value = origin[Offset(indices)];
            GC.KeepAlive(this);
            return value;
        }

        set
        {
            origin[Offset(indices)] = value;
            GC.KeepAlive(this);
        }
    }

    public static bool operator ==(TensorAccessor<T>? left, TensorAccessor<T>? right) =>
        left is null ? right is null : left.Equals(right);

    public static bool operator !=(TensorAccessor<T>? left, TensorAccessor<T>? right) => !(left == right);

    public T[] ToArray()
    {
        var all = new T[Count];
        CopyTo(all);
        return all;
    }

    /// <summary>An array with the tensor's own rank (1 for a scalar).</summary>
    public Array ToNDArray()
    {
        if (sizes.Length <= 1)
        {
            return ToArray();
        }
        var array = Array.CreateInstance(typeof(T), sizes);
        if (Count > 0)
        {
            fixed (byte* target = &System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array))
            {
                CopyTo(new Span<T>(target, checked((int)Count)));
            }
        }
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (IsPacked && tensorIndex <= Count)
        {
            var length = checked((int)Math.Min(Count - tensorIndex, array.Length - arrayIndex));
            new Span<T>(Live() + tensorIndex, length).CopyTo(array[arrayIndex..]);
        }
        else
        {
            for (var i = tensorIndex; i < Count && arrayIndex < array.Length; i++, arrayIndex++)
            {
                array[arrayIndex] = Live()[Offset(i)];
            }
        }
        GC.KeepAlive(this);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        for (var i = tensorIndex; i < Count && arrayIndex < array.Length; i++, arrayIndex++)
        {
            Live()[Offset(i)] = array[arrayIndex];
        }
        GC.KeepAlive(this);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
        {
            yield return At(i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && Count == other.Count && this.SequenceEqual(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var value in this)
        {
            hash.Add(value);
        }
        return hash.ToHashCode();
    }

    /// <summary>Lets go of the tensor without disposing it.</summary>
    public void Dispose() => tensor = null;

    internal static T ReadItemAt(torch.Tensor tensor, long index)
    {
        if (index < 0 || index >= tensor.NumberOfElements)
        {
            throw new IndexOutOfRangeException("The index is greater than the number of elements in the tensor");
        }
        return tensor.data<T>().At(index);
    }

    private T At(long index)
    {
        var value = Live()[Offset(index)];
        GC.KeepAlive(this);
        return value;
    }

    // Also holds the accessor to the tensor's life: after its disposal the memory is not ours.
    private T* Live()
    {
        _ = (tensor ?? throw new ObjectDisposedException(nameof(TensorAccessor<T>))).Handle;
        return origin;
    }

    private long Offset(long index)
    {
        long offset = 0;
        for (var d = sizes.Length - 1; d >= 0; d--)
        {
            offset += index % sizes[d] * strides[d];
            index /= sizes[d];
        }
        return offset;
    }

    private long Offset(long[] indices)
    {
        _ = Live();
        if (sizes.Length == 0 && indices is [0])
        {
            return 0;
        }
        if (indices.Length != sizes.Length)
        {
            if (indices.Length == 1 && indices[0] >= 0 && indices[0] < Count)
            {
                return Offset(indices[0]);
            }
            throw new ArgumentException($"{indices.Length} indices for a tensor of {sizes.Length} dimensions");
        }
        long offset = 0;
        for (var d = 0; d < sizes.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= sizes[d])
            {
                throw new IndexOutOfRangeException($"index {indices[d]} in dimension {d} of size {sizes[d]}");
            }
            offset += indices[d] * strides[d];
        }
        return offset;
    }
}
