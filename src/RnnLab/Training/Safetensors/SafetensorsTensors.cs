namespace RnnLab.Training.Safetensors;

/// <summary>Between tensors and the entries of a safetensors file.</summary>
public static class SafetensorsTensors
{
    /// <summary>A copy of a tensor's elements under a name; the tensor may be on any device and have any strides.</summary>
    /// <exception cref="ArgumentException">The element type is none of bool, uint8, int32, int64, float16, bfloat16, float32 and float64.</exception>
    public static SafetensorsEntry ToEntry(string name, Tensor tensor)
    {
        var type = TypeOf(tensor.dtype)
            ?? throw new ArgumentException($"{name}: {tensor.dtype} cannot be written to a safetensors file", nameof(tensor));
        using var scope = NewDisposeScope();
        var plain = tensor.detach().cpu().contiguous();
        return new SafetensorsEntry(name, type, tensor.shape, plain.numel() == 0 ? default : plain.bytes.ToArray());
    }

    /// <summary>A new tensor on the CPU with an entry's elements.</summary>
    public static Tensor ToTensor(SafetensorsEntry entry)
    {
        var tensor = empty(entry.Shape.ToArray(), dtype: ScalarTypeOf(entry.Type));
        if (entry.Data.Length > 0)
        {
            entry.Data.Span.CopyTo(tensor.bytes);
        }
        return tensor;
    }

    private static SafetensorsType? TypeOf(ScalarType type) => type switch
    {
        ScalarType.Bool => SafetensorsType.Bool,
        ScalarType.Byte => SafetensorsType.UInt8,
        ScalarType.Int32 => SafetensorsType.Int32,
        ScalarType.Int64 => SafetensorsType.Int64,
        ScalarType.Float16 => SafetensorsType.Float16,
        ScalarType.BFloat16 => SafetensorsType.BFloat16,
        ScalarType.Float32 => SafetensorsType.Float32,
        ScalarType.Float64 => SafetensorsType.Float64,
        _ => null,
    };

    private static ScalarType ScalarTypeOf(SafetensorsType type) => type switch
    {
        SafetensorsType.Bool => ScalarType.Bool,
        SafetensorsType.UInt8 => ScalarType.Byte,
        SafetensorsType.Int32 => ScalarType.Int32,
        SafetensorsType.Int64 => ScalarType.Int64,
        SafetensorsType.Float16 => ScalarType.Float16,
        SafetensorsType.BFloat16 => ScalarType.BFloat16,
        SafetensorsType.Float32 => ScalarType.Float32,
        _ => ScalarType.Float64,
    };
}
