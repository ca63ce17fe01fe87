namespace RnnLab.Training.Safetensors;

/// <summary>The element types that are read and written, in little-endian byte order.</summary>
public enum SafetensorsType
{
    /// <summary>BOOL: one byte, 0 or 1.</summary>
    Bool,

    /// <summary>U8: an unsigned byte.</summary>
    UInt8,

    /// <summary>I32: a 32-bit integer.</summary>
    Int32,

    /// <summary>I64: a 64-bit integer.</summary>
    Int64,

    /// <summary>F16: an IEEE 754 half.</summary>
    Float16,

    /// <summary>BF16: the upper 16 bits of a single.</summary>
    BFloat16,

    /// <summary>F32: an IEEE 754 single.</summary>
    Float32,

    /// <summary>F64: an IEEE 754 double.</summary>
    Float64,
}

/// <summary>The names and sizes of the element types.</summary>
internal static class SafetensorsTypes
{
    /// <summary>The name in a file's header.</summary>
    public static string Code(this SafetensorsType type) => type switch
    {
        SafetensorsType.Bool => "BOOL",
        SafetensorsType.UInt8 => "U8",
        SafetensorsType.Int32 => "I32",
        SafetensorsType.Int64 => "I64",
        SafetensorsType.Float16 => "F16",
        SafetensorsType.BFloat16 => "BF16",
        SafetensorsType.Float32 => "F32",
        SafetensorsType.Float64 => "F64",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>The bytes of one element.</summary>
    public static int Size(this SafetensorsType type) => type switch
    {
        SafetensorsType.Bool or SafetensorsType.UInt8 => 1,
        SafetensorsType.Float16 or SafetensorsType.BFloat16 => 2,
        SafetensorsType.Int32 or SafetensorsType.Float32 => 4,
        _ => 8,
    };

    public static SafetensorsType? FromCode(string? code) => code switch
    {
        "BOOL" => SafetensorsType.Bool,
        "U8" => SafetensorsType.UInt8,
        "I32" => SafetensorsType.Int32,
        "I64" => SafetensorsType.Int64,
        "F16" => SafetensorsType.Float16,
        "BF16" => SafetensorsType.BFloat16,
        "F32" => SafetensorsType.Float32,
        "F64" => SafetensorsType.Float64,
        _ => null,
    };
}
