namespace RnnLab.Tests.CommandLine;

/// <summary>A test that needs POSIX signals.</summary>
internal sealed class PosixFactAttribute : FactAttribute
{
    public PosixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "Windows has no POSIX signals" : null;
}
