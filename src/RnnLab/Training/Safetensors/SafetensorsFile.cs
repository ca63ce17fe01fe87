using System.Buffers.Binary;

namespace RnnLab.Training.Safetensors;

/// <summary>
/// A file of named tensors in the safetensors format: eight bytes with the header's length (little-endian), the header as JSON,
/// <c>{"name": {"dtype": "F32", "shape": [4, 2], "data_offsets": [0, 32]}, "__metadata__": {"key": "text"}}</c>, padded with blanks to a
/// multiple of eight, then the tensors' bytes without gaps.
/// </summary>
public sealed class SafetensorsFile
{
    private const int LengthBytes = 8;

    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(string path, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsEntry> entries)
    {
        (Path, Metadata, Entries) = (path, metadata, entries);
        _byName = entries.ToDictionary(entry => entry.Name);
    }

    /// <summary>The file that was read.</summary>
    public string Path { get; }

    /// <summary>The texts of <c>__metadata__</c>; empty where there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The tensor of a name.</summary>
    /// <exception cref="SafetensorsException">The file has none of that name.</exception>
    public SafetensorsEntry this[string name] =>
        _byName.TryGetValue(name, out var entry) ? entry : throw new SafetensorsException($"{Path}: there is no tensor \"{name}\"");

    /// <summary>
    /// Writes tensors in a fixed order (larger elements first, so that each is aligned to its element; then by name), so equal tensors
    /// give equal files.
    /// </summary>
    /// <exception cref="ArgumentException">Two tensors have the same name, or the names alone need more than 100 MB.</exception>
    public static void Write(Stream stream, IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata = null)
    {
        SafetensorsEntry[] ordered = [.. entries.OrderByDescending(entry => entry.Type.Size()).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
        var slots = new List<SafetensorsSlot>(ordered.Length);
        var names = new HashSet<string>();
        long position = 0;
        foreach (var entry in ordered)
        {
            if (!names.Add(entry.Name))
            {
                throw new ArgumentException($"two tensors are named \"{entry.Name}\"", nameof(entries));
            }
            slots.Add(new SafetensorsSlot(entry.Name, entry.Type, entry.Shape, position, position + entry.Data.Length));
            position += entry.Data.Length;
        }
        var header = new SafetensorsHeader(metadata ?? new Dictionary<string, string>(), slots).ToBytes();
        if (header.Length > SafetensorsHeader.MaxLength)
        {
            throw new ArgumentException($"a header of {header.Length} bytes; the format allows {SafetensorsHeader.MaxLength}", nameof(entries));
        }
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var entry in ordered)
        {
            stream.Write(entry.Data.Span);
        }
    }

    /// <summary>Reads a whole file and checks everything that the format promises.</summary>
    /// <exception cref="SafetensorsException">The file is missing, unreadable, cut off, damaged, or no safetensors file; the message says
    /// which.</exception>
    public static SafetensorsFile Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Read(stream, path);
        }
        catch (FormatException exception)
        {
            throw new SafetensorsException($"{path}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SafetensorsException($"{path}: no such file", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new SafetensorsException($"{path}: {(Directory.Exists(path) ? "this is a folder" : "permission denied")}", exception);
        }
        catch (IOException exception)
        {
            throw new SafetensorsException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    private static SafetensorsFile Read(FileStream stream, string path)
    {
        if (stream.Length < LengthBytes)
        {
            throw new FormatException($"this is no safetensors file: it has {stream.Length} bytes");
        }
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        stream.ReadExactly(lengthBytes);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        var rest = stream.Length - LengthBytes;
        if (length > SafetensorsHeader.MaxLength)
        {
            throw new FormatException("this is no safetensors file: its first eight bytes are no header length");
        }
        if ((long)length > rest)
        {
            throw new FormatException($"the file is cut off: {rest} bytes where the header alone has {length}");
        }
        var headerBytes = new byte[length];
        stream.ReadExactly(headerBytes);
        var header = SafetensorsHeader.Parse(headerBytes, rest - (long)length);
        var entries = new List<SafetensorsEntry>(header.Slots.Count);
        foreach (var slot in header.Slots)
        {
            if (slot.End - slot.Begin > Array.MaxLength)
            {
                throw new FormatException($"the tensor \"{slot.Name}\" has {slot.End - slot.Begin} bytes; at most {Array.MaxLength} can be read");
            }
            var data = new byte[slot.End - slot.Begin];
            stream.ReadExactly(data);
            entries.Add(new SafetensorsEntry(slot.Name, slot.Type, slot.Shape, data));
        }
        return new SafetensorsFile(path, header.Metadata, entries);
    }
}
