using System.Diagnostics;

namespace RnnLab.Tasks;

/// <summary>The text files of a folder, in an order that does not depend on the machine.</summary>
internal static class FolderFiles
{
    /// <summary>Files whose names end in one of <paramref name="include"/>: git-tracked ones in a checkout, else all but hidden ones; sorted ordinally.</summary>
    public static IReadOnlyList<string> List(string folder, IReadOnlyList<string> include)
    {
        var relative = Tracked(folder) ?? Walk(folder);
        return [.. relative
            .Where(file => include.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(file => Path.Combine(folder, file))
            .Where(File.Exists)];
    }

    private static IEnumerable<string> Walk(string folder)
    {
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };
        return Directory.EnumerateFiles(folder, "*", all).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'));
    }

    private static string[]? Tracked(string folder)
    {
        try
        {
            var start = new ProcessStartInfo("git", ["-C", folder, "ls-files", "-z"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var git = Process.Start(start);
            if (git is null)
                return null;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            return git.ExitCode == 0 && files.Length > 0 ? files : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no git on this machine
        }
    }
}
