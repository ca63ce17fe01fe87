using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace RnnLab.Tasks;

/// <summary>A data file as bytes.</summary>
internal static class DataFile
{
    /// <summary>A file to read from anywhere in it.</summary>
    /// <exception cref="UserException">There is no such file.</exception>
    public static SafeFileHandle Open(string path)
        => File.Exists(path) ? File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete) : throw new UserException($"{path}: no such file");

    /// <summary>A file's bytes.</summary>
    /// <exception cref="UserException">It is missing or cannot be read.</exception>
    public static byte[] Bytes(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllBytes(path) : throw new UserException($"{path}: no such file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, exception);
        }
    }

    /// <summary>A file's bytes, unpacked where they are gzip's, and SHA-256 of the file as it is.</summary>
    /// <exception cref="UserException">It is missing, cannot be read or cannot be unpacked.</exception>
    public static (byte[] Bytes, string Sha256) Unpacked(string path)
    {
        var bytes = Bytes(path);
        return (bytes is [0x1F, 0x8B, ..] ? Unpack(bytes, path) : bytes, Sha256(bytes));
    }

    /// <summary>SHA-256 in hexadecimal.</summary>
    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The error on a file that cannot be read.</summary>
    public static UserException Unreadable(string path, Exception exception) => new($"{path}: cannot be read: {exception.Message}", exception);

    private static byte[] Unpack(byte[] packed, string path)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            gzip.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (InvalidDataException exception)
        {
            throw new UserException($"{path}: this gzip file is damaged: {exception.Message}", exception);
        }
    }
}
