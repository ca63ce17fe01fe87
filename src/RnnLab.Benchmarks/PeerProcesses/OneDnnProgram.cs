using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace RnnLab.Benchmarks.PeerProcesses;

/// <summary>
/// The oneDNN peer's program, built from its source with the machine's own compiler and oneDNN at first use, and kept under a name that holds
/// the source's hash, so that a changed source is built anew.
/// </summary>
internal static class OneDnnProgram
{
    /// <summary>The program of a source.</summary>
    /// <exception cref="PeerException">It does not compile, as where oneDNN's headers are missing, or the cache cannot be written.</exception>
    public static string Build(string source)
    {
        try
        {
            var folder = Directory.CreateDirectory(CacheFolder()).FullName;
            var program = Path.Combine(folder, $"rnn_peer-{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source)))[..16]}");
            if (!File.Exists(program))
            {
                // Renamed when it is whole, so that another call never starts half a program.
                var unfinished = $"{program}.{Environment.ProcessId}";
                Compile(source, unfinished);
                File.Move(unfinished, program, overwrite: true);
            }
            return program;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PeerException(exception.Message, exception);
        }
    }

    private static void Compile(string source, string program)
    {
        var start = new ProcessStartInfo("g++", ["-O2", "-std=c++17", source, "-o", program, "-ldnnl"]) { RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new PeerException(FirstError(error));
        }
        catch (Win32Exception exception)
        {
            throw new PeerException($"g++ does not start: {exception.Message}", exception);
        }
    }

    private static string FirstError(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? lines.FirstOrDefault() ?? "g++ fails";
    }

    /// <summary>In the checkout that the program was built in; outside one, the user's own.</summary>
    private static string CacheFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "RnnLab.sln")))
                return Path.Combine(folder.FullName, ".rnnlab", "peers");
        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "rnnlab", "peers");
    }
}
