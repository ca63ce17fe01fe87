namespace RnnLab.Training.Safetensors;

/// <summary>One named tensor as bytes.</summary>
public sealed record SafetensorsEntry
{
    /// <summary>Creates an entry.</summary>
    /// <param name="name">The tensor's name; any text but <c>__metadata__</c>.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The sizes of the dimensions; empty for a scalar.</param>
    /// <param name="data">The elements, row by row, little-endian.</param>
    /// <exception cref="ArgumentException">The bytes are not as many as shape and type need, a size is negative, or the name is
    /// reserved.</exception>
    public SafetensorsEntry(string name, SafetensorsType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> data)
    {
        if (name == SafetensorsHeader.MetadataKey)
        {
            throw new ArgumentException($"{name} is no name for a tensor: the format reserves it", nameof(name));
        }
        if (SafetensorsHeader.ByteCount(type, shape) != data.Length)
        {
            throw new ArgumentException($"{name}: {data.Length} bytes for {type.Code()} of shape ({string.Join(", ", shape)})", nameof(data));
        }
        (Name, Type, Shape, Data) = (name, type, shape, data);
    }

    /// <summary>The tensor's name.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The sizes of the dimensions; empty for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The elements, row by row, little-endian.</summary>
    public ReadOnlyMemory<byte> Data { get; }
}
