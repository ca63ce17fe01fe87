namespace RnnLab.Tests.CommandLine;

/// <summary>A test that mounts a small disk of its own.</summary>
internal sealed class FullDiskTheoryAttribute : TheoryAttribute
{
    /// <summary>Runs a command that may mount what only it sees.</summary>
    public static readonly IReadOnlyList<string> OwnMounts = ["unshare", "--map-root-user", "--mount"];

    private static readonly bool CanMount = Try();

    public FullDiskTheoryAttribute() => Skip = CanMount ? null : "no file system can be mounted here";

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/unshare"))
            return false;
        using var folder = new TemporaryFolder();
        using var program = RnnlabProgram.StartCommand(folder.Path, [.. OwnMounts, "mount", "-t", "tmpfs", "tmpfs", folder.Path]);
        return program.Finish().ExitCode == 0;
    }
}

/// <summary>A test that needs Linux.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "only Linux has /proc";
}
