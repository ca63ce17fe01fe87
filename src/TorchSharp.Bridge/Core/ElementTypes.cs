using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Which .NET type holds an element of each dtype, and back.</summary>
internal static class ElementTypes
{
    internal static Type? Of(ScalarType type) => type switch
    {
        ScalarType.Byte => typeof(byte),
        ScalarType.Int8 => typeof(sbyte),
        ScalarType.Int16 => typeof(short),
        ScalarType.Int32 => typeof(int),
        ScalarType.Int64 => typeof(long),
        ScalarType.Float16 => typeof(Half),
        ScalarType.Float32 => typeof(float),
        ScalarType.Float64 => typeof(double),
        ScalarType.Bool => typeof(bool),
        ScalarType.ComplexFloat32 => typeof((float, float)),
        ScalarType.ComplexFloat64 => typeof(Complex),
        _ => null,
    };

    /// <summary>The dtype of elements of a type; throws <see cref="NotSupportedException"/> where there is none.</summary>
    internal static ScalarType DtypeOf(Type type) =>
        type == typeof(float) ? ScalarType.Float32
        : type == typeof(double) ? ScalarType.Float64
        : type == typeof(long) ? ScalarType.Int64
        : type == typeof(int) ? ScalarType.Int32
        : type == typeof(bool) ? ScalarType.Bool
        : type == typeof(byte) ? ScalarType.Byte
        : type == typeof(sbyte) ? ScalarType.Int8
        : type == typeof(short) ? ScalarType.Int16
        : type == typeof(Half) ? ScalarType.Float16
        : type == typeof((float, float)) ? ScalarType.ComplexFloat32
        : type == typeof(Complex) ? ScalarType.ComplexFloat64
        : throw new NotSupportedException($"No dtype has elements of type {type.Name}.");
}
