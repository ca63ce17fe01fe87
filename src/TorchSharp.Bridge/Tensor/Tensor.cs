using System.Runtime.CompilerServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A handle to a libtorch tensor; disposing it releases the handle, and the memory when no other handle, view or graph
    /// needs it.
    /// </summary>
    public partial class Tensor
    {
        public string? name { get; set; }

        public long Dimensions => Info.Dimensions;

        public long ndim => Info.Dimensions;

        public long NumberOfElements => Info.Elements;

        public long ElementSize => Info.ElementSize;

        public ScalarType dtype => (ScalarType)Info.Dtype;

        public DeviceType device_type => (DeviceType)Info.DeviceType;

        public int device_index => Info.DeviceIndex;

        public Device device
        {
            get
            {
                var info = Info;
                return new Device((DeviceType)info.DeviceType, info.DeviceType == (int)DeviceType.CPU ? -1 : info.DeviceIndex);
            }
        }

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public long[] shape => size();

        private unsafe TensorInfo Info
        {
            get
            {
                TensorInfo info;
                NativeError.Check(NativeMethods.Info(Handle, &info));
                GC.KeepAlive(this);
                return info;
            }
        }

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long storage_offset() => Info.StorageOffset;

        public bool is_contiguous() => Info.Contiguous != 0;

        public bool is_cpu() => device_type == DeviceType.CPU;

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public bool is_integral() => torch.is_integral(dtype);

        public bool is_complex() => torch.is_complex(dtype);

        public unsafe long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* p = sizes)
            {
                NativeError.Check(NativeMethods.Sizes(Handle, p, null));
            }
            GC.KeepAlive(this);
            return sizes;
        }

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* p = strides)
            {
                NativeError.Check(NativeMethods.Sizes(Handle, null, p));
            }
            GC.KeepAlive(this);
            return strides;
        }

        public long size(int dim) => size()[Wrap(dim)];

        public long stride(int dim) => stride()[Wrap(dim)];

        // The message is libtorch's own.
        private int Wrap(int dim)
        {
            var n = (int)Dimensions;
            if (dim < -n || dim >= n)
            {
                throw new System.Runtime.InteropServices.ExternalException(
                    n == 0
                        ? "dimension specified as " + dim + " but tensor has no dimensions"
                        : $"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim})");
            }
            return dim < 0 ? dim + n : dim;
        }

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        /// <summary>Whether the two have one shape and equal elements.</summary>
        public bool Equals(Tensor target) => Op.CallBool("aten::equal", this, target);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
    }
}
