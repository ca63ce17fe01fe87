using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.Runs;

public sealed class ProgressLineTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _writer = new() { NewLine = "\n" };

    public void Dispose() => _writer.Dispose();

    private ProgressLine Line(bool terminal, long total = 1000, long firstStep = 0, double interval = 10) =>
        new(_writer, terminal, total, firstStep, TimeSpan.FromSeconds(interval), _clock);

    [Fact]
    public void A_redirected_line_holds_step_loss_rate_and_time_left()
    {
        var line = Line(terminal: false);
        _clock.Advance(30);
        line.Report(250, 1.23456, 24_130);
        Assert.Equal("step 250/1000  loss 1.2346  24.1k chars/s  1m30s left\n", _writer.ToString());
    }

    [Fact]
    public void Redirected_lines_come_at_logging_steps_and_otherwise_no_more_than_one_in_an_interval()
    {
        var line = Line(terminal: false);
        for (var step = 1; step <= 100; step++)
        {
            _clock.Advance(0.5);
            line.Report(step, 1, 1, logged: step == 30);
        }
        var steps = _writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(text => text.Split('/')[0]);
        Assert.Equal(["step 1", "step 21", "step 30", "step 50", "step 70", "step 90"], steps);
        Assert.DoesNotContain(_writer.ToString(), character => character is '\r' or '\u001b' or '\b');
    }

    [Fact]
    public void On_a_terminal_one_line_is_rewritten_and_its_rest_blanked()
    {
        var line = Line(terminal: true);
        _clock.Advance(1000);
        line.Report(1, 10.5, 1);
        _clock.Advance(1);
        line.Report(999, 1.5, 1);
        line.Finish();
        Assert.Equal(
            "\rstep 1/1000  loss 10.5000  1 chars/s  277h30m left" + "\rstep 999/1000  loss 1.5000  1 chars/s  1s left    " + "\n", _writer.ToString());
    }

    [Fact]
    public void On_a_terminal_the_line_is_not_redrawn_more_than_ten_times_a_second()
    {
        var line = Line(terminal: true, total: 100_000);
        for (var step = 1; step <= 1000; step++)
        {
            _clock.Advance(0.001);
            line.Report(step, 1, 1);
        }
        Assert.Equal(10, _writer.ToString().Count(character => character == '\r'));
    }

    [Fact]
    public void A_line_that_stays_takes_the_place_of_the_rewritten_one()
    {
        var line = Line(terminal: true);
        line.Report(1, 1, 1);
        var drawn = _writer.ToString().Length - 1;
        line.WriteLine("validation 1.9");
        Assert.EndsWith($"\r{new string(' ', drawn)}\rvalidation 1.9\n", _writer.ToString(), StringComparison.Ordinal);
        var length = _writer.ToString().Length;
        line.Finish();
        Assert.Equal(length, _writer.ToString().Length);
    }

    [Fact]
    public void The_last_step_is_always_shown_and_a_long_line_is_cut()
    {
        var line = new ProgressLine(_writer, terminal: true, total: 2, clock: _clock) { Width = 20 };
        line.Report(1, 1, 1);
        line.Report(2, 1, 1);
        Assert.Equal("\rstep 1/2  loss 1.000\rstep 2/2  loss 1.000", _writer.ToString());
    }

    [Fact]
    public void A_resumed_run_counts_the_time_left_by_its_own_steps()
    {
        var line = Line(terminal: false, total: 200, firstStep: 100);
        _clock.Advance(10);
        line.Report(110, 1, 2_500_000);
        Assert.Equal("step 110/200  loss 1.0000  2.50M chars/s  1m30s left\n", _writer.ToString());
        Assert.Contains("? left", Redirected(100), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_known_yet_is_left_open()
    {
        var line = Line(terminal: false);
        line.Report(1, null, 1);
        Assert.StartsWith("step 1/", _writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("  loss -  1 chars/s", _writer.ToString(), StringComparison.Ordinal);
    }

    private string Redirected(long step)
    {
        using var writer = new StringWriter();
        new ProgressLine(writer, false, 200, 100, clock: _clock).Report(step, 1, 1);
        return writer.ToString();
    }
}
