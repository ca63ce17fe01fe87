using System.Text;

namespace RnnLab.Experiments.Runs;

/// <summary>
/// Appends rows to the metrics of one attempt, each handed to the operating system before <see cref="Write"/> returns, so that a killed
/// process loses at most the row that it was writing.
/// </summary>
public sealed class MetricsWriter : IDisposable
{
    private readonly FileStream _stream;

    /// <summary>Starts the file of an attempt.</summary>
    /// <exception cref="RunException">The attempt has a file already, or it cannot be made.</exception>
    public MetricsWriter(RunDirectory run, int attempt)
    {
        var path = run.AttemptMetricsPath(attempt);
        try
        {
            // Unbuffered: a row that could not be written must not be tried again when the stream is closed.
            _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(path, "cannot be started", exception);
        }
    }

    /// <summary>Appends a row.</summary>
    /// <exception cref="ArgumentException">A number of the row is NaN or infinite; nothing is written.</exception>
    /// <exception cref="RunException">The row cannot be written.</exception>
    public void Write(MetricsRow row)
    {
        var line = Encoding.UTF8.GetBytes(row.ToJson() + "\n");
        try
        {
            _stream.Write(line);
        }
        catch (Exception exception) when (RunException.IsFileFailure(exception))
        {
            throw RunException.Of(_stream.Name, "cannot be written", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
