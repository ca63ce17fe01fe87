using System.Diagnostics;
using RnnLab.Tests.CommandLine;

namespace RnnLab.Tests.Kernels;

/// <summary>A process of the tests' own program.</summary>
internal static class OwnProcess
{
    // Far more than any of them takes on a busy machine; only a program that hangs gets there.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs it and requires that it succeeds.</summary>
    public static void Run(IEnumerable<string> arguments, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(RnnlabProgram.Command[0], ["exec", typeof(OwnProcess).Assembly.Location, .. arguments]) { RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            Assert.Fail("the program does not end");
        }
        Assert.True(process.ExitCode == 0, error.Result);
    }
}
