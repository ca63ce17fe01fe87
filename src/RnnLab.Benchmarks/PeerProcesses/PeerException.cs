namespace RnnLab.Benchmarks.PeerProcesses;

/// <summary>A peer that cannot be built, started or asked, in one line; the benchmark goes on without it.</summary>
internal sealed class PeerException : Exception
{
    public PeerException(string message) : base(message)
    {
    }

    public PeerException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
