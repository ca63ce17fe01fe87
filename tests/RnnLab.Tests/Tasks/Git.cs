using System.ComponentModel;
using System.Diagnostics;

namespace RnnLab.Tests.Tasks;

/// <summary>git, where it is installed.</summary>
internal static class Git
{
    public static bool IsInstalled { get; } = Try(["--version"]);

    public static void In(string folder, params string[] arguments) => Assert.True(Try(["-C", folder, .. arguments]), $"git {string.Join(' ', arguments)} failed");

    private static bool Try(IReadOnlyList<string> arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            git.BeginOutputReadLine();
            git.BeginErrorReadLine();
            git.WaitForExit();
            return git.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that needs git.</summary>
internal sealed class GitFactAttribute : FactAttribute
{
    public GitFactAttribute() => Skip = Git.IsInstalled ? null : "git is not installed";
}
