using System.Buffers.Binary;

namespace RnnLab.Tasks;

/// <summary>
/// An IDX file of bytes, packed by gzip or not: two zeros, the type 0x08, the number of dimensions, each of them as a big-endian 32-bit integer, then the bytes.
/// </summary>
internal sealed class IdxFile
{
    private readonly byte[] _bytes;
    private readonly int _header;

    /// <summary>Reads a file of a number of dimensions: 3 for images (magic number 0x00000803), 1 for labels (0x00000801).</summary>
    /// <exception cref="UserException">It cannot be read, is of another kind, or has another length than its dimensions say.</exception>
    public IdxFile(string path, int dimensions)
    {
        (_bytes, Sha256) = DataFile.Unpacked(path);
        (Path, _header) = (path, 4 + 4 * dimensions);
        var magic = _bytes.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(_bytes) : 0;
        if (magic != 0x800 + dimensions)
        {
            var found = _bytes.Length >= 4 ? $"0x{magic:x8}" : $"{_bytes.Length} bytes";
            throw new UserException($"{path}: expected an IDX file that begins with 0x{0x800 + dimensions:x8}, this has {found}");
        }
        if (_bytes.Length < _header)
            throw new UserException($"{path}: expected a header of {_header} bytes, the file has {_bytes.Length}");
        Sizes = [.. Enumerable.Range(0, dimensions).Select(i => BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(4 + 4 * i)))];
        if (Sizes.Contains(0))
            throw new UserException($"{path}: there is nothing in it: its sizes are {string.Join(" × ", Sizes)}");
        var expected = Sizes.Aggregate((decimal)1, (product, size) => product * size) + _header;
        if (_bytes.Length != expected)
            throw new UserException($"{path}: expected {expected} bytes for {string.Join(" × ", Sizes)}, the file has {_bytes.Length}");
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of the file as it is.</summary>
    public string Sha256 { get; }

    /// <summary>Its dimensions, the number of items first.</summary>
    public long[] Sizes { get; }

    /// <summary>How many items there are.</summary>
    public int Count => (int)Sizes[0];

    /// <summary>An item's bytes.</summary>
    public ReadOnlySpan<byte> this[int item] => _bytes.AsSpan(_header + item * Length, Length);

    private int Length => (_bytes.Length - _header) / Count;
}
