using System.ComponentModel;
using System.Diagnostics;

namespace RnnLab.Tests.Interchange;

/// <summary>The machine's Python, where it has PyTorch.</summary>
internal static class Python
{
    // Debian's own Python has Debian's PyTorch; the first python3 of the path may be another.
    private static readonly string[] Programs = ["/usr/bin/python3", "python3"];

    private static readonly Lazy<string?> WithTorch = new(() => Programs.FirstOrDefault(HasTorch));

    /// <summary>Why a test cannot use it, or null.</summary>
    public static string? Missing => WithTorch.Value is null ? "no python3 with torch was found" : null;

    /// <summary>Runs one of the scripts that lie beside the fixtures.</summary>
    public static void Run(string script, params string[] arguments)
    {
        var (exitCode, error) = Call(WithTorch.Value!, [Path.Combine(AppContext.BaseDirectory, "Fixtures", script), .. arguments]);
        Assert.True(exitCode == 0, $"{script} {string.Join(' ', arguments)}: {error}");
    }

    private static bool HasTorch(string program)
    {
        try
        {
            return Call(program, ["-c", "import torch.nn"]).ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static (int ExitCode, string Error) Call(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}

/// <summary>A test that asks PyTorch; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PyTorchFactAttribute : FactAttribute
{
    public PyTorchFactAttribute() => Skip = Python.Missing;
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PyTorchTheoryAttribute : TheoryAttribute
{
    public PyTorchTheoryAttribute() => Skip = Python.Missing;
}
