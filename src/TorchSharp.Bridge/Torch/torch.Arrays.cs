using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <content>Tensors of managed numbers and arrays, copied or shared.</content>
public static partial class torch
{
    /// <summary>A tensor over the array's own memory where type and device allow; else a copy.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) =>
        from_array(rawArray, ElementTypes.DtypeOf(ElementTypeOf(rawArray)), device ?? CPU);

    /// <summary>A tensor over the array's own memory where type and device allow; else a copy.</summary>
    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        RequireUnnamed(names);
        var own = ElementTypes.DtypeOf(ElementTypeOf(rawArray));
        return Finish(Share(rawArray, ShapeOf(rawArray), own, 0), own, dtype, device, requires_grad);
    }

    /// <summary>
    /// A tensor over <paramref name="count"/> elements of the array from element <paramref name="offset"/> on; it shares
    /// the array's memory unless <paramref name="dtype"/> is another type than the array's.
    /// </summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var length = rawArray.LongLength;
        if (offset < 0 || offset >= length)
        {
            throw new ArgumentException($"invalid value for 'offset': {offset}");
        }
        if (count < 0)
        {
            count = length - offset;
        }
        if (count > length - offset)
        {
            throw new IndexOutOfRangeException($"element count is too large: {count}");
        }
        var own = ElementTypes.DtypeOf(ElementTypeOf(rawArray));
        return Finish(Share(rawArray, [count], own, offset), own, dtype, CPU, requires_grad);
    }

    private static Type ElementTypeOf(Array array) =>
        array.GetType().GetElementType() ?? throw new InvalidOperationException("The array has no element type.");

    private static long[] ShapeOf(Array array)
    {
        var shape = new long[array.Rank];
        for (var d = 0; d < shape.Length; d++)
        {
            shape[d] = array.GetLength(d);
        }
        return shape;
    }

    private static Tensor FromScalar(Arg value, ScalarType own, ScalarType? dtype, Device? device, bool requires_grad) =>
        Grad(Op.Call1("aten::scalar_tensor", value, dtype ?? own, Arg.None, InitializeDevice(device)), requires_grad);

    private static Tensor FromElements(
        Array elements, ReadOnlySpan<long> shape, ScalarType own, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        RequireUnnamed(names);
        return Finish(Copy(elements, shape.ToArray(), own), own, dtype, device, requires_grad);
    }

    private static unsafe nint Copy(Array elements, long[] shape, ScalarType dtype)
    {
        var total = shape.TotalSize();
        if (total > elements.LongLength)
        {
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {total} vs. {elements.LongLength}");
        }
        var handle = Op.CallHandle("aten::empty.memory_format", shape, dtype);
        NativeError.Check(NativeMethods.Data(handle, out var data));
        fixed (byte* source = &MemoryMarshal.GetArrayDataReference(elements))
        {
            var size = total * dtype.ElementSize();
            Buffer.MemoryCopy(source, (void*)data, size, size);
        }
        return handle;
    }

    // The array stays pinned until libtorch frees the storage.
    private static unsafe nint Share(Array elements, long[] shape, ScalarType dtype, long offset)
    {
        if (dtype is ScalarType.Bool or ScalarType.ComplexFloat32)
        {
            return offset == 0 ? Copy(elements, shape, dtype) : throw new NotSupportedException($"An array of {dtype} cannot be shared.");
        }
        var pin = GCHandle.Alloc(elements, GCHandleType.Pinned);
        fixed (long* sizes = shape)
        {
            var start = pin.AddrOfPinnedObject() + (nint)(offset * dtype.ElementSize());
            var status = NativeMethods.FromBlob(start, sizes, shape.Length, (int)dtype, &Unpin, GCHandle.ToIntPtr(pin), out var handle);
            if (status < 0)
            {
                pin.Free();
            }
            NativeError.Check(status);
            return handle;
        }
    }

    [UnmanagedCallersOnly]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();

    private static Tensor Finish(nint handle, ScalarType own, ScalarType? dtype, Device? device, bool requires_grad)
    {
        try
        {
            var place = InitializeDevice(device);
            if (place.type != DeviceType.CPU || (dtype ?? own) != own)
            {
                var moved = Op.CallHandle("aten::to.device", Arg.Borrowed(handle), place, dtype ?? own);
                NativeMethods.Release(handle);
                handle = moved;
            }
            if (requires_grad)
            {
                NativeError.Check(NativeMethods.SetRequiresGrad(handle, 1));
            }
        }
        catch
        {
            NativeMethods.Release(handle);
            throw;
        }
        return new Tensor(handle);
    }
}
