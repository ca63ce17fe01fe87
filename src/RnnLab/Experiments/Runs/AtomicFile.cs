using System.Text;

namespace RnnLab.Experiments.Runs;

/// <summary>
/// Writes a file whole or not at all: under a temporary name beside it, flushed to the disk, then renamed over it. A process that is
/// killed leaves the old file, or the new one, and perhaps the temporary file, which the next write to the same path replaces.
/// </summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes what <paramref name="write"/> puts into the stream. Whatever fails, the file that was there before stays as it was.
    /// </summary>
    /// <exception cref="RunException">The disk is full, permission is missing, or another process is writing the same file.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (Directory.Exists(path))
        {
            throw new RunException($"{path}: cannot be written: it is a folder");
        }
        var temporary = path + ".tmp";
        var opened = false;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                opened = true;
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception)
        {
            // Not another writer's file, when opening it was what failed.
            if (opened)
            {
                Remove(temporary);
            }
            if (RunException.IsFileFailure(exception))
            {
                throw RunException.Of(path, "cannot be written", exception);
            }
            throw;
        }
    }

    /// <summary>Writes a text as UTF-8 without a byte order mark.</summary>
    /// <exception cref="RunException">As for <see cref="Write"/>.</exception>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            // The first failure is the one to report.
        }
    }
}
