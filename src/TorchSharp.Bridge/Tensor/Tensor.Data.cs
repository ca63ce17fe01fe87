using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>
        /// A live view of the elements of a contiguous CPU tensor; valid while the tensor is. Setting it copies.
        /// Throws <see cref="InvalidOperationException"/> for other tensors.
        /// </summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                var total = RequirePlainMemory();
                if (total > int.MaxValue)
                {
                    throw new ArgumentException("Span only supports up to int.MaxValue elements.");
                }
                return new Span<byte>((void*)DataPointer, (int)total);
            }

            set
            {
                var target = bytes;
                if (target.Length != value.Length)
                {
                    throw new ArgumentException("Mismatched data sizes in SetBytes().");
                }
                value.CopyTo(target);
            }
        }

        internal nint DataPointer
        {
            get
            {
                Op.Observer?.Invoke(Op.MemoryAccess);
                NativeError.Check(NativeMethods.Data(Handle, out var data));
                GC.KeepAlive(this);
                return data;
            }
        }

        /// <summary>The elements as <typeparamref name="T"/>, which must be the dtype's own type, whatever the strides.</summary>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireElementType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        /// <summary>The only element; <typeparamref name="T"/> must be the dtype's own type.</summary>
        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1)
            {
                throw new ArgumentException("Number of elements in the tensor must be 1");
            }
            if (device_type == DeviceType.CPU)
            {
                return data<T>()[0];
            }
            RequireElementType(typeof(T));
            using var copy = cpu();
            return copy.data<T>()[0];
        }

        /// <summary>The only element as a number.</summary>
        public Scalar ToScalar()
        {
            var value = Op.CallValue("aten::item", this);
            return value.Kind switch
            {
                ArgKind.Int => value.Bits.ToScalar(),
                ArgKind.Bool => (value.Bits != 0).ToScalar(),
                _ => BitConverter.Int64BitsToDouble(value.Bits).ToScalar(),
            };
        }

        public double ReadCpuDouble(long i) => TensorAccessor<double>.ReadItemAt(this, i);

        public float ReadCpuSingle(long i) => TensorAccessor<float>.ReadItemAt(this, i);

        public int ReadCpuInt32(long i) => TensorAccessor<int>.ReadItemAt(this, i);

        public long ReadCpuInt64(long i) => TensorAccessor<long>.ReadItemAt(this, i);

        public byte ReadCpuByte(long i) => TensorAccessor<byte>.ReadItemAt(this, i);

        public sbyte ReadCpuSByte(long i) => TensorAccessor<sbyte>.ReadItemAt(this, i);

        public short ReadCpuInt16(long i) => TensorAccessor<short>.ReadItemAt(this, i);

        public bool ReadCpuBool(long i) => TensorAccessor<bool>.ReadItemAt(this, i);

        public T ReadCpuValue<T>(long i)
            where T : unmanaged => TensorAccessor<T>.ReadItemAt(this, i);

        private void RequireElementType(Type asked)
        {
            if (ElementTypes.Of(dtype) is { } own && own != asked)
            {
                throw new ArgumentException($"{asked.Name} is not compatible with {dtype}");
            }
        }
    }
}
