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

/// <summary>A forward pass of a custom function, as bridge.cpp lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FunctionCall
{
    /// <summary>A handle that the native side frees through <see cref="Release"/>, when the node goes or at once.</summary>
    internal nint Function;

    internal delegate* unmanaged<nint, nint, nint*, int, nint*, nint*, int> Backward;
    internal delegate* unmanaged<nint, void> Release;

    /// <summary>The inputs, then the outputs, and so on in the order of the counts.</summary>
    internal nint* Tensors;

    internal int Inputs;
    internal int Outputs;
    internal int Saved;
    internal int Dirty;
    internal int NonDifferentiable;
    internal int MaterializeGrads;
}
