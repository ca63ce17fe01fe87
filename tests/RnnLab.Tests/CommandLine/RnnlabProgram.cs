using System.Diagnostics;
using System.Runtime.InteropServices;

namespace RnnLab.Tests.CommandLine;

/// <summary>What a program left behind.</summary>
/// <param name="ExitCode">Its exit code; 128 + the signal's number where a signal ended it.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public ProgramResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        Assert.Equal("", Error);
        return this;
    }

    /// <summary>Requires that it failed with one line that tells what is wrong.</summary>
    public ProgramResult RefusedWith(string fragment)
    {
        Assert.Contains(fragment, Error, StringComparison.Ordinal);
        Assert.Matches(@"\Arnnlab: [^\n]+\n\z", Error.ReplaceLineEndings("\n"));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.Equal(1, ExitCode);
        return this;
    }
}

/// <summary>The rnnlab command, as a process of its own; killed when it is disposed.</summary>
internal sealed partial class RnnlabProgram : IDisposable
{
    // Far more than any call takes on a busy machine; only a program that hangs gets there.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Dotnet = Path.GetFullPath(
        OperatingSystem.IsWindows() ? "../../../dotnet.exe" : "../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory());

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly StringWriter _output = new();

    private RnnlabProgram(ProcessStartInfo start, string input = "")
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
    }

    private enum PosixNumber
    {
        Interrupt = 2,
        Terminate = 15,
    }

    /// <summary>The command line that starts rnnlab.</summary>
    public static IReadOnlyList<string> Command { get; } = [Dotnet, "exec", Path.Combine(AppContext.BaseDirectory, "RnnLab.Cli.dll")];

    /// <summary>Runs it to its end in <paramref name="folder"/>.</summary>
    public static ProgramResult Run(string folder, params string[] arguments)
    {
        using var program = Start(folder, arguments);
        return program.Finish();
    }

    /// <summary>Runs it to its end in <paramref name="folder"/>, with <paramref name="input"/> as its standard input: less than a pipe holds.</summary>
    public static ProgramResult RunWithInput(string folder, string input, params string[] arguments)
    {
        using var program = new RnnlabProgram(StartInfo(folder, [.. Command, .. arguments]), input);
        return program.Finish();
    }

    public static RnnlabProgram Start(string folder, params string[] arguments) => StartCommand(folder, [.. Command, .. arguments]);

    /// <summary>Starts another command, such as one that starts rnnlab.</summary>
    public static RnnlabProgram StartCommand(string folder, IReadOnlyList<string> command) => new(StartInfo(folder, command));

    private static ProcessStartInfo StartInfo(string folder, IReadOnlyList<string> command) => new(command[0], command.Skip(1)) { WorkingDirectory = folder };

    /// <summary>Waits until a line of its standard output meets a condition; null where it ends before.</summary>
    public string? WaitForLine(Func<string, bool> condition)
    {
        while (Within(_process.StandardOutput.ReadLineAsync()) is { } line)
        {
            _output.WriteLine(line);
            if (condition(line))
                return line;
        }
        return null;
    }

    /// <summary>Waits for its end.</summary>
    public ProgramResult Finish()
    {
        _output.Write(Within(_process.StandardOutput.ReadToEndAsync()));
        var error = Within(_error);
        Assert.True(_process.WaitForExit(Patience), "the program does not end");
        return new(_process.ExitCode, _output.ToString(), error);
    }

    /// <summary>kill -9.</summary>
    public ProgramResult Kill()
    {
        _process.Kill();
        return Finish();
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Signal(PosixNumber.Interrupt);

    /// <summary>kill.</summary>
    public void Terminate() => Signal(PosixNumber.Terminate);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _output.Dispose();
    }

    private void Signal(PosixNumber signal) => Assert.Equal(0, Kill(_process.Id, (int)signal));

    private T Within<T>(Task<T> reading)
    {
        if (reading.Wait(Patience))
            return reading.Result;
        _process.Kill(entireProcessTree: true);
        throw new TimeoutException($"the program does not end; it wrote {_output}");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
