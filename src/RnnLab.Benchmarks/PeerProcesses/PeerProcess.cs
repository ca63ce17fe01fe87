using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace RnnLab.Benchmarks.PeerProcesses;

/// <summary>
/// A program that answers one line to each line it is asked, and waits for the next without using the processor: it says that it is ready,
/// <c>prepare …</c> gives it a problem, <c>VERB N</c> runs that N times and is answered by the seconds of one run.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Task<string> _error;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="threads">The threads that it is to run on.</param>
    /// <exception cref="PeerException">It does not start, or ends before it is ready.</exception>
    public PeerProcess(string file, IEnumerable<string> arguments, int threads)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // Threads that spin while they wait would take the cores from whatever is measured in turn with them.
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new PeerException($"{file} does not start: {exception.Message}", exception);
        }
        _error = _process.StandardError.ReadToEndAsync();
        try
        {
            const string Ready = "ready ";
            var line = Answer();
            Version = line.StartsWith(Ready, StringComparison.Ordinal) ? line[Ready.Length..] : throw Unexpected("start", line);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What it says of itself, such as "dnnl 2.6.3 threads 2".</summary>
    public string Version { get; }

    /// <summary>Gives it a problem.</summary>
    /// <exception cref="PeerException">It cannot.</exception>
    public void Prepare(string problem)
    {
        var answer = Ask($"prepare {problem}");
        if (answer != "ok")
            throw Unexpected($"prepare {problem}", answer);
    }

    /// <summary>Its work <paramref name="verb"/> as one side of a comparison; by its own clock, so that asking takes no part in it.</summary>
    public Timed Timed(string verb) => repeats =>
    {
        var answer = Ask($"{verb} {repeats}");
        return double.TryParse(answer, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && double.IsFinite(seconds)
            ? seconds
            : throw Unexpected(verb, answer);
    };

    /// <summary>Ends it, as the end of its input does.</summary>
    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(PatienceAtEnd))
                _process.Kill();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It has ended already.
        }
        _process.Dispose();
    }

    private string Ask(string request)
    {
        try
        {
            _process.StandardInput.WriteLine(request);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended, and the answer below is why.
        }
        return Answer();
    }

    private string Answer() => _process.StandardOutput.ReadLine() ?? throw new PeerException(LastWords());

    // The last line of an error is its point, in Python as elsewhere.
    private string LastWords()
    {
        var lines = _error.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 0 ? lines[^1] : "it ended without an answer";
    }

    private static PeerException Unexpected(string request, string answer) => new($"{request}: it answered \"{answer}\"");
}
