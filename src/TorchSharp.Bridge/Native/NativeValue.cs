using System.Runtime.InteropServices;

namespace TorchSharp;

internal enum ArgKind
{
    None,
    Tensor,
    Int,
    Double,
    Bool,
    IntList,
    DoubleList,
    TensorList,
    String,
    Device,
    Generator,
}

/// <summary>One argument or result of an operator, as bridge.cpp lays it out: 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    internal ArgKind Kind;
    internal int Count;

    /// <summary>A pointer, an integer, or the bits of a double.</summary>
    internal long Bits;
}

[StructLayout(LayoutKind.Sequential)]
internal struct TensorInfo
{
    internal long Dimensions;
    internal long Elements;
    internal long ElementSize;
    internal long StorageOffset;
    internal int Dtype;
    internal int DeviceType;
    internal int DeviceIndex;
    internal int Contiguous;
}
