using System.Runtime.InteropServices;

namespace RnnLab.Cli;

/// <summary>
/// Turns Ctrl-C (SIGINT) and SIGTERM into a request to stop, so that a checkpoint is saved first; the second one ends the process at once.
/// </summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Interrupt()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            _registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    public CancellationToken Token => _source.Token;

    /// <summary>128 + the signal's number, as shells expect.</summary>
    public int ExitCode { get; private set; } = 130;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
            return;
        context.Cancel = true;
        ExitCode = context.Signal == PosixSignal.SIGTERM ? 143 : 130;
        _source.Cancel();
    }
}
