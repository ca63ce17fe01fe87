namespace RnnLab.Benchmarks.PeerProcesses;

/// <summary>A peer that is started when it is first needed, and left out once it fails.</summary>
/// <param name="name">Its name in the notice.</param>
/// <param name="start">Starts it.</param>
/// <param name="advice">What to install where it cannot be started.</param>
/// <param name="tell">Receives the one line that says what is missing.</param>
internal sealed class Peer(string name, Func<PeerProcess>? start, string advice, Action<string> tell) : IDisposable
{
    private PeerProcess? _process;
    private Func<PeerProcess>? _start = start;

    /// <summary>What it says of itself once it has been started.</summary>
    public string? Version { get; private set; }

    /// <summary>Does something with it; null where it is not asked for, is missing, or fails.</summary>
    public T? Try<T>(Func<PeerProcess, T> work) where T : class
    {
        if (_start is null)
            return null;
        try
        {
            _process ??= _start();
            Version = _process.Version;
            return work(_process);
        }
        catch (PeerException exception)
        {
            tell($"{name} is left out: {exception.Message}{(Version is null ? $" ({advice})" : "")}");
            _start = null;
            Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }
}
