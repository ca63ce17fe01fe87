using System.Globalization;

namespace RnnLab.Experiments.Runs;

/// <summary>
/// Shows how far a training run is. On a terminal it is one line that is rewritten in place; elsewhere it is plain lines, without control
/// characters: one at each logging step, and besides no more than one in each interval.
/// </summary>
public sealed class ProgressLine
{
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _writer;
    private readonly bool _terminal;
    private readonly long _total;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _interval;
    private readonly long _started;
    private readonly long _firstStep;
    private long? _lastShown;
    private int _drawn;

    /// <summary>Starts the clock for the time left.</summary>
    /// <param name="writer">Where the line goes.</param>
    /// <param name="terminal">Whether the writer is a terminal.</param>
    /// <param name="total">The steps of the whole run.</param>
    /// <param name="firstStep">The steps already done when this attempt starts.</param>
    /// <param name="interval">The least time between two plain lines that are no logging steps; 10 seconds where null.</param>
    /// <param name="clock">The clock; the system's where null.</param>
    public ProgressLine(TextWriter writer, bool terminal, long total, long firstStep = 0, TimeSpan? interval = null, TimeProvider? clock = null)
    {
        _writer = writer;
        _terminal = terminal;
        _total = total;
        _firstStep = firstStep;
        _interval = interval ?? TimeSpan.FromSeconds(10);
        _clock = clock ?? TimeProvider.System;
        _started = _clock.GetTimestamp();
    }

    /// <summary>Characters that fit on the terminal's line; longer lines are cut, since one that wraps cannot be rewritten.</summary>
    public int Width { get; init; } = 79;

    /// <summary>What throughput counts.</summary>
    public string Unit { get; init; } = "chars/s";

    /// <summary>A progress line on standard output, as wide as its terminal.</summary>
    public static ProgressLine OnConsole(long total, string unit, long firstStep = 0)
    {
        var terminal = !Console.IsOutputRedirected;
        return new ProgressLine(Console.Out, terminal, total, firstStep)
        {
            Unit = unit,
            // A pseudo-terminal may say that it has no width.
            Width = terminal && Console.WindowWidth > 20 ? Console.WindowWidth - 1 : 79,
        };
    }

    /// <summary>Reports a step; cheap to call at each one.</summary>
    /// <param name="step">The steps done.</param>
    /// <param name="loss">The training loss; null where none is known yet.</param>
    /// <param name="throughput">Items a second.</param>
    /// <param name="logged">Whether this is a logging step, which is always shown.</param>
    public void Report(long step, double? loss, double throughput, bool logged = false)
    {
        var now = _clock.GetTimestamp();
        var due = _lastShown is not { } last || _clock.GetElapsedTime(last, now) >= (_terminal ? RedrawInterval : _interval);
        if (!due && !logged && step < _total)
        {
            return;
        }
        _lastShown = now;
        var elapsed = _clock.GetElapsedTime(_started, now);
        var done = step - _firstStep;
        var left = done > 0 && _total >= step ? Duration(elapsed * ((double)(_total - step) / done)) : "?";
        Show(string.Create(CultureInfo.InvariantCulture, $"step {step}/{_total}  loss {Loss(loss)}  {Rate(throughput)} {Unit}  {left} left"));
    }

    /// <summary>Writes a line that stays, such as a validation result.</summary>
    public void WriteLine(string text)
    {
        Erase();
        _writer.WriteLine(text);
        _writer.Flush();
    }

    /// <summary>Ends the line; further reports start a new one.</summary>
    public void Finish()
    {
        if (_drawn > 0)
        {
            _writer.WriteLine();
            _writer.Flush();
            _drawn = 0;
        }
    }

    private void Show(string line)
    {
        if (!_terminal)
        {
            WriteLine(line);
            return;
        }
        var shown = line.Length > Width ? line[..Width] : line;
        _writer.Write('\r');
        _writer.Write(shown.PadRight(_drawn));
        _writer.Flush();
        _drawn = shown.Length;
    }

    private void Erase()
    {
        if (_drawn > 0)
        {
            _writer.Write('\r');
            _writer.Write(new string(' ', _drawn));
            _writer.Write('\r');
            _drawn = 0;
        }
    }

    private static string Loss(double? loss) => loss is { } known ? known.ToString("0.0000", CultureInfo.InvariantCulture) : "-";

    private static string Rate(double rate) => rate switch
    {
        >= 1e6 => (rate / 1e6).ToString("0.00M", CultureInfo.InvariantCulture),
        >= 1e4 => (rate / 1e3).ToString("0.0k", CultureInfo.InvariantCulture),
        _ => rate.ToString("0", CultureInfo.InvariantCulture),
    };

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 60 } => $"{(int)time.TotalSeconds}s",
        { TotalHours: < 1 } => $"{time.Minutes}m{time.Seconds:00}s",
        _ => $"{(int)time.TotalHours}h{time.Minutes:00}m",
    };
}
