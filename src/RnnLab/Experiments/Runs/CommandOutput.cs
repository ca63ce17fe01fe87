using System.ComponentModel;
using System.Diagnostics;

namespace RnnLab.Experiments.Runs;

/// <summary>The standard output of a short command.</summary>
internal static class CommandOutput
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What the command prints; null where it is not installed, fails, or takes longer than five seconds.</summary>
    public static string? Of(string command, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? "",
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEndAsync();
            if (output.Wait(Patience) && process.WaitForExit(Patience))
            {
                return process.ExitCode == 0 ? output.Result : null;
            }
            process.Kill();
            return null;
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
