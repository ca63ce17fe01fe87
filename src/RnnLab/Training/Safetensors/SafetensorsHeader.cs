using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RnnLab.Training.Safetensors;

/// <summary>A tensor's place in a file: the offsets count from the end of the header.</summary>
internal sealed record SafetensorsSlot(string Name, SafetensorsType Type, IReadOnlyList<long> Shape, long Begin, long End);

/// <summary>
/// The JSON header of a file. Every failure is a <see cref="FormatException"/>, to which the reader adds the file's name.
/// </summary>
internal sealed record SafetensorsHeader(IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafetensorsSlot> Slots)
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The most bytes that a header may have, as in the format's reference implementation.</summary>
    public const int MaxLength = 100_000_000;

    /// <summary>The bytes of a tensor; −1 where a size is negative or the product leaves 64 bits.</summary>
    public static long ByteCount(SafetensorsType type, IReadOnlyList<long> shape)
    {
        Int128 count = type.Size();
        foreach (var size in shape)
        {
            count *= size;
            if (size < 0 || count > long.MaxValue)
            {
                return -1;
            }
        }
        return (long)count;
    }

    /// <summary>The header's bytes, padded with blanks to a multiple of eight, so that the data that follow are aligned.</summary>
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (Metadata.Count > 0)
            {
                json.WriteStartObject(MetadataKey);
                foreach (var (key, value) in Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }
                json.WriteEndObject();
            }
            foreach (var slot in Slots)
            {
                json.WriteStartObject(slot.Name);
                json.WriteString("dtype", slot.Type.Code());
                WriteNumbers(json, "shape", slot.Shape);
                WriteNumbers(json, "data_offsets", [slot.Begin, slot.End]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        var padded = new byte[(buffer.WrittenCount + 7) / 8 * 8];
        padded.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(padded);
        return padded;
    }

    /// <summary>Reads a header and checks that its tensors fill the data section exactly, without gap or overlap.</summary>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> bytes, long dataLength)
    {
        if (bytes.Length == 0 || bytes.Span[0] != (byte)'{')
        {
            throw new FormatException("the header is no JSON object");
        }
        var metadata = new Dictionary<string, string>();
        var slots = new Dictionary<string, SafetensorsSlot>();
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var hasMetadata = false;
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == MetadataKey)
                {
                    if (hasMetadata)
                    {
                        throw new FormatException($"{MetadataKey} is given twice");
                    }
                    hasMetadata = true;
                    ReadMetadata(property.Value, metadata);
                }
                else if (!slots.TryAdd(property.Name, ReadSlot(property)))
                {
                    throw new FormatException($"the tensor \"{property.Name}\" is given twice");
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("the header is damaged: it is no valid JSON", exception);
        }
        SafetensorsSlot[] ordered = [.. slots.Values.OrderBy(slot => slot.Begin).ThenBy(slot => slot.End)];
        CheckLayout(ordered, dataLength);
        return new SafetensorsHeader(metadata, ordered);
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{MetadataKey} is no object");
        }
        foreach (var entry in value.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.String)
            {
                throw new FormatException($"{MetadataKey}: \"{entry.Name}\" is no text");
            }
            if (!metadata.TryAdd(entry.Name, entry.Value.GetString()!))
            {
                throw new FormatException($"{MetadataKey}: \"{entry.Name}\" is given twice");
            }
        }
    }

    private static SafetensorsSlot ReadSlot(JsonProperty property)
    {
        FormatException Wrong(string what) => new($"the tensor \"{property.Name}\": {what}");

        if (property.Value.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("its entry is no object");
        }
        var fields = property.Value.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal);
        if (!fields.SequenceEqual(["data_offsets", "dtype", "shape"]))
        {
            throw Wrong("expected exactly dtype, shape and data_offsets");
        }
        var dtype = property.Value.GetProperty("dtype");
        var type = (dtype.ValueKind == JsonValueKind.String ? SafetensorsTypes.FromCode(dtype.GetString()) : null)
            ?? throw Wrong($"the element type {dtype.GetRawText()} is not supported");
        var shape = Numbers(property.Value.GetProperty("shape")) ?? throw Wrong("its shape is no list of sizes");
        var offsets = Numbers(property.Value.GetProperty("data_offsets"));
        if (offsets is not [var begin, var end] || end < begin)
        {
            throw Wrong("its data_offsets are no begin and end");
        }
        if (ByteCount(type, shape) != end - begin)
        {
            throw Wrong($"{end - begin} bytes for {type.Code()} of shape ({string.Join(", ", shape)})");
        }
        return new SafetensorsSlot(property.Name, type, shape, begin, end);
    }

    private static long[]? Numbers(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }
        var numbers = new List<long>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out var number) || number < 0)
            {
                return null;
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private static void CheckLayout(SafetensorsSlot[] slots, long dataLength)
    {
        long position = 0;
        foreach (var slot in slots)
        {
            if (slot.Begin != position)
            {
                var problem = slot.Begin < position ? "overlaps the one before it" : "leaves a gap before it";
                throw new FormatException($"the tensor \"{slot.Name}\" {problem}");
            }
            position = slot.End;
        }
        if (position != dataLength)
        {
            throw new FormatException(position > dataLength
                ? $"the file is cut off: {dataLength} bytes of data where the header names {position}"
                : $"{dataLength - position} bytes follow the last tensor");
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }
        json.WriteEndArray();
    }
}
