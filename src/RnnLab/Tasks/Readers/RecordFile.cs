using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RnnLab.Tasks;

/// <summary>
/// A UTF-8 text file as records of one or more lines. It is read through once, for the places of its records and its SHA-256; of a large file only these are kept, and a record
/// is read when it is asked for. Lines end with LF or CRLF; a byte order mark and empty lines at the end are no part of any record.
/// </summary>
internal sealed class RecordFile
{
    /// <summary>A file of more bytes is not kept in memory.</summary>
    public const long KeptBytes = 256L << 20;

    private const int LongestRecord = 1 << 28;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly List<(long Offset, int Length, int Line)> _records = [];
    private readonly byte[]? _bytes;
    private readonly SafeFileHandle? _handle;
    private readonly (long Length, DateTime Written) _seen;

    /// <summary>Reads a file through.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ends">Whether a record ends with a line: called with each line in turn, without its end.</param>
    /// <param name="kept">Of how many bytes a file is kept in memory.</param>
    /// <exception cref="UserException">It is missing, empty or cannot be read, or a record has over 256 MiB.</exception>
    public RecordFile(string path, Func<ReadOnlySpan<byte>, bool> ends, long kept = KeptBytes)
    {
        Path = path;
        try
        {
            _handle = DataFile.Open(path);
            _seen = State(_handle);
            if (_seen.Length <= kept)
            {
                _handle.Dispose();
                (_handle, _bytes) = (null, DataFile.Bytes(path));
            }
            using Stream stream = _bytes is null ? File.OpenRead(path) : new MemoryStream(_bytes);
            Sha256 = Scan(stream, ends);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw DataFile.Unreadable(path, exception);
        }
        while (_records.Count > 0 && _records[^1].Length == 0)
            _records.RemoveAt(_records.Count - 1);
        if (_records.Count == 0)
            throw new UserException($"{path}: the file is empty");
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>SHA-256 of its bytes, in hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>How many records there are.</summary>
    public int Count => _records.Count;

    /// <summary>Where a record stands, or a line of it, for messages: file and line.</summary>
    public string Where(int record, int line = 0) => $"{Path}:{_records[record].Line + line}";

    /// <summary>A record, without its last line's end.</summary>
    /// <exception cref="MalformedRecordException">It is not UTF-8 text.</exception>
    /// <exception cref="UserException">The file is no longer what it was.</exception>
    public string Text(int record)
    {
        var (offset, length, _) = _records[record];
        var bytes = _bytes is null ? Read(offset, length) : _bytes.AsSpan((int)offset, length);
        try
        {
            var nul = bytes.IndexOf((byte)0);
            return nul < 0
                ? Strict.GetString(bytes)
                : throw new MalformedRecordException($"a NUL (byte {offset + nul} of the file); expected UTF-8 text", LinesBefore(bytes[..nul]));
        }
        catch (DecoderFallbackException exception)
        {
            throw new MalformedRecordException($"this is not UTF-8 text (byte {offset + exception.Index} of the file)", LinesBefore(bytes[..exception.Index]));
        }
    }

    private static int LinesBefore(ReadOnlySpan<byte> bytes) => bytes.Count((byte)'\n');

    private static (long, DateTime) State(SafeFileHandle handle) => (RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle));

    private Span<byte> Read(long offset, int length)
    {
        var bytes = new byte[length];
        try
        {
            var read = 0;
            for (var got = 1; read < length && got > 0; read += got)
                got = RandomAccess.Read(_handle!, bytes.AsSpan(read), offset + read);
            return read == length && State(_handle!) == _seen ? bytes : throw new UserException($"{Path}: the file has changed since it was opened");
        }
        catch (IOException exception)
        {
            throw DataFile.Unreadable(Path, exception);
        }
    }

    private string Scan(Stream stream, Func<ReadOnlySpan<byte>, bool> ends)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, filled, begin, line) = (new byte[1 << 16], 0, 0L, 1);
        var (start, first) = (0L, 1); // of the record that is open
        var open = false;
        void Take(ReadOnlySpan<byte> bytes, long offset)
        {
            var mark = offset == 0 && bytes.StartsWith(Mark) ? Mark.Length : 0;
            var text = bytes[mark..] is [.. var inner, (byte)'\r'] ? inner : bytes[mark..];
            if (!open)
                (start, first, open) = (offset + mark, line, true);
            var length = offset + mark + text.Length - start;
            if (length > LongestRecord)
                throw new UserException($"{Path}:{first}: a record of over {LongestRecord >> 20} MiB; expected text in lines");
            if (ends(text))
                Close((int)length);
            line++;
        }
        void Close(int length)
        {
            _records.Add((start, length, first));
            open = false;
        }
        while (stream.Read(buffer, filled, buffer.Length - filled) is > 0 and var got)
        {
            hash.AppendData(buffer, filled, got);
            filled += got;
            var done = 0;
            for (int end; (end = buffer.AsSpan(done, filled - done).IndexOf((byte)'\n')) >= 0; done += end + 1)
                Take(buffer.AsSpan(done, end), begin + done);
            buffer.AsSpan(done, filled - done).CopyTo(buffer);
            (begin, filled) = (begin + done, filled - done);
            if (filled > LongestRecord)
                throw new UserException($"{Path}:{line}: a line of over {LongestRecord >> 20} MiB; expected text in lines");
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * filled);
        }
        if (filled > 0)
            Take(buffer.AsSpan(0, filled), begin);
        if (open)
            Close((int)(begin + filled - start));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ReadOnlySpan<byte> Mark => "\uFEFF"u8;
}
