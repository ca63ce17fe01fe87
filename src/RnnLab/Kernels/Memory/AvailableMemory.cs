using System.Globalization;

namespace RnnLab.Kernels.Memory;

/// <summary>The memory that a process can still take.</summary>
internal static class AvailableMemory
{
    /// <summary>
    /// Bytes that are free or can be freed without swapping: Linux's MemAvailable, within the limit that the runtime knows of (a container's, for one).
    /// </summary>
    public static long Bytes()
    {
        var info = GC.GetGCMemoryInfo();
        var free = info.TotalAvailableMemoryBytes - Environment.WorkingSet;
        return Math.Max(0, MemAvailable() is { } linux ? Math.Min(linux, free) : free);
    }

    /// <summary>Whether so many bytes are not at hand. Small requests are not worth the question.</summary>
    public static bool IsShort(long bytes) => bytes >= 64 << 20 && bytes > Bytes();

    /// <summary>Requires so many bytes to be at hand.</summary>
    /// <exception cref="UserException">They are not; it says how many are, and what to change.</exception>
    public static void Require(long bytes)
    {
        if (IsShort(bytes))
            throw new UserException(
                $"a workspace of {Gigabytes(bytes)} GB does not fit into the {Gigabytes(Bytes())} GB of memory at hand: lower the sequence length (k1, k2), the batch size or the hidden size");
    }

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.0", CultureInfo.InvariantCulture);

    private static long? MemAvailable()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/meminfo"))
            return null;
        foreach (var line in File.ReadLines("/proc/meminfo"))
            if (line.StartsWith("MemAvailable:", StringComparison.Ordinal))
                return long.Parse(line.AsSpan(13, line.Length - 13 - 2).Trim(), CultureInfo.InvariantCulture) * 1024;
        return null;
    }
}
