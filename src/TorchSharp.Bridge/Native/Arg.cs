using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>An operator's argument: whatever a schema can ask for, without an allocation for tensors and numbers.</summary>
internal readonly struct Arg
{
    internal readonly ArgKind Kind;
    internal readonly int Index;
    internal readonly long Bits;

    /// <summary>A tensor, an array, a string or a generator.</summary>
    internal readonly object? Reference;

    private Arg(ArgKind kind, long bits, object? reference = null, int index = 0)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
        Index = index;
    }

    internal static readonly Arg None;

    /// <summary>A native tensor that the caller keeps alive through the call; 0 is an absent one.</summary>
    internal static Arg Borrowed(nint handle) => new(ArgKind.Tensor, handle);

    /// <summary>Native tensors that the caller keeps alive through the call.</summary>
    internal static Arg BorrowedList(nint[] handles) => new(ArgKind.TensorList, 0, handles);

    public static implicit operator Arg(Tensor? value) => value is null ? None : new(ArgKind.Tensor, value.Handle, value);

    public static implicit operator Arg(long value) => new(ArgKind.Int, value);

    public static implicit operator Arg(int value) => new(ArgKind.Int, value);

    public static implicit operator Arg(double value) => new(ArgKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(bool value) => new(ArgKind.Bool, value ? 1 : 0);

    public static implicit operator Arg(long? value) => value is { } v ? v : None;

    public static implicit operator Arg(double? value) => value is { } v ? v : None;

    public static implicit operator Arg(bool? value) => value is { } v ? v : None;

    public static implicit operator Arg(ScalarType value) => new(ArgKind.Int, (long)value);

    public static implicit operator Arg(ScalarType? value) => value is { } v ? v : None;

    public static implicit operator Arg(Scalar? value) => value is null ? None : value.ToArg();

    public static implicit operator Arg(long[]? value) => value is null ? None : new(ArgKind.IntList, 0, value);

    public static implicit operator Arg(double[]? value) => value is null ? None : new(ArgKind.DoubleList, 0, value);

    /// <summary>A list of tensors; a null item is an absent optional tensor.</summary>
    public static implicit operator Arg(Tensor?[]? value) => value is null ? None : new(ArgKind.TensorList, 0, value);

    public static implicit operator Arg(string? value) => value is null ? None : new(ArgKind.String, 0, value);

    public static implicit operator Arg(Device? value) =>
        value is null ? None : new(ArgKind.Device, (long)value.type, null, value.index);

    public static implicit operator Arg(Generator? value) => value is null ? None : new(ArgKind.Generator, value.Handle, value);
}
