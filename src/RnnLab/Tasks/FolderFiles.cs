using System.Diagnostics;

namespace RnnLab.Tasks;

/// <summary>The text files of a folder, in an order that does not depend on the machine.</summary>
internal static class FolderFiles
{
    /// <summary>Files whose names end in one of <paramref name="include"/>: git-tracked ones in a checkout, else all but hidden ones and links; sorted ordinally.</summary>
    public static IReadOnlyList<string> List(string folder, IReadOnlyList<string> include)
    {
        var relative = Tracked(folder) ?? Walk(folder);
        return [.. relative
            .Where(file => include.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(file => Path.Combine(folder, file))
            .Where(File.Exists)];
    }

    // Build outputs and runs, which git would not list either.
    private static readonly string[] Made = ["bin", "obj", "runs", "TestResults"];

    private static IEnumerable<string> Walk(string folder)
    {
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint };
        return Directory.EnumerateFiles(folder, "*", all).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').SkipLast(1).Any(Made.Contains));
    }

    private static bool IsCheckout(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
                return true;
        return false;
    }

    private static string[]? Tracked(string folder)
    {
        try
        {
            var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "-C", folder, "ls-files", "-z"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var git = Process.Start(start);
            if (git is null)
                return null;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            if (git.ExitCode != 0 && IsCheckout(folder))
                throw new UserException($"{folder}: this is a git checkout, but git does not list its files; which are tracked cannot be told");
            return git.ExitCode == 0 && files.Length > 0 ? files : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no git on this machine
        }
    }
}
