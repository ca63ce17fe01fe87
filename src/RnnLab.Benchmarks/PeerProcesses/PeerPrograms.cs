namespace RnnLab.Benchmarks.PeerProcesses;

/// <summary>The programs outside this process that do the same work.</summary>
internal sealed class PeerPrograms : IDisposable
{
    // Debian's own Python has Debian's PyTorch; the first python3 of the path may be another.
    private static readonly string[] Pythons = ["/usr/bin/python3", "python3"];

    /// <summary>The peers that the settings ask for.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="tell">Receives a line for each that is missing.</param>
    public PeerPrograms(BenchmarkSettings settings, Action<string> tell)
    {
        var sources = Path.Combine(AppContext.BaseDirectory, "peers");
        OneDnn = new(
            "oneDNN", settings.Peers ? () => new PeerProcess(OneDnnProgram.Build(Path.Combine(sources, "onednn", "rnn_peer.cpp")), [$"{settings.Threads}"], settings.Threads) : null,
            "on Debian: apt install g++ libdnnl-dev", tell);
        PyTorch = new(
            "PyTorch", settings.Peers || settings.Models ? () => StartPython(Path.Combine(sources, "pytorch", "train_peer.py"), settings.Threads) : null,
            "on Debian: apt install python3-torch", tell);
    }

    /// <summary>oneDNN's LSTM and GRU primitives.</summary>
    public Peer OneDnn { get; }

    /// <summary>PyTorch, training whole models.</summary>
    public Peer PyTorch { get; }

    public void Dispose()
    {
        OneDnn.Dispose();
        PyTorch.Dispose();
    }

    private static PeerProcess StartPython(string script, int threads)
    {
        PeerException? failure = null;
        foreach (var python in Pythons)
        {
            try
            {
                return new(python, [script, $"{threads}"], threads);
            }
            catch (PeerException exception)
            {
                failure ??= exception;
            }
        }
        throw failure!;
    }
}
