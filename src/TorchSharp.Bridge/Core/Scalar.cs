namespace TorchSharp;

/// <summary>A number given to an operator: an integer, a real number or a truth value.</summary>
public sealed class Scalar : IDisposable
{
    private readonly Arg value;
    private bool disposed;

    internal Scalar(Arg value) => this.value = value;

    /// <summary>Int64, Float64 or Bool: what libtorch keeps of a number.</summary>
    public torch.ScalarType Type => ToArg().Kind switch
    {
        ArgKind.Int => torch.ScalarType.Int64,
        ArgKind.Bool => torch.ScalarType.Bool,
        _ => torch.ScalarType.Float64,
    };

    public static implicit operator Scalar(byte value) => value.ToScalar();

    public static implicit operator Scalar(sbyte value) => value.ToScalar();

    public static implicit operator Scalar(short value) => value.ToScalar();

    public static implicit operator Scalar(int value) => value.ToScalar();

    public static implicit operator Scalar(long value) => value.ToScalar();

    public static implicit operator Scalar(Half value) => value.ToScalar();

    public static implicit operator Scalar(float value) => value.ToScalar();

    public static implicit operator Scalar(double value) => value.ToScalar();

    public static implicit operator Scalar(bool value) => value.ToScalar();

    public void Dispose() => disposed = true;

    internal Arg ToArg() => disposed ? throw new InvalidOperationException("Scalar invalid -- empty handle.") : value;

    internal double Real => IsReal ? BitConverter.Int64BitsToDouble(value.Bits) : value.Bits;

    internal long Integer => IsReal ? (long)BitConverter.Int64BitsToDouble(value.Bits) : value.Bits;

    private bool IsReal => ToArg().Kind == ArgKind.Double;
}
