using RnnLab.Experiments.Runs;

namespace RnnLab.Tests.Runs;

public sealed class MetricsTests
{
    private static MetricsRow Row(long step, double loss = 2.5, double? valLoss = null, double time = 1) =>
        new(step, step / 10.0, loss, valLoss, 2e-3, 0.1 + 0.2, 12345.678, time);

    [Fact]
    public void A_row_has_exactly_the_documented_fields()
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        using (var writer = new MetricsWriter(run, 1))
        {
            writer.Write(Row(1));
            writer.Write(Row(2, valLoss: 1.0 / 3));
        }
        Assert.Equal(
            """
            {"step":1,"epoch":0.1,"train_loss":2.5,"val_loss":null,"learning_rate":0.002,"grad_norm":0.30000000000000004,"throughput":12345.678,"time":1}
            {"step":2,"epoch":0.2,"train_loss":2.5,"val_loss":0.3333333333333333,"learning_rate":0.002,"grad_norm":0.30000000000000004,"throughput":12345.678,"time":1}

            """, File.ReadAllText(run.AttemptMetricsPath(1)));
    }

    [Fact]
    public void Rows_are_read_again_bit_for_bit_while_the_writer_is_open()
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        using var writer = new MetricsWriter(run, 1);
        var row = new MetricsRow(long.MaxValue, 5e-324, double.MaxValue, 1.0 / 3, -0.0, Math.PI, 1e-7, 0.1);
        writer.Write(row);
        var again = Assert.Single(MetricsReader.Merge(run));
        Assert.Equal(row, again);
        Assert.True(double.IsNegative(again.LearningRate));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_number_that_json_cannot_hold_is_never_written(double value)
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        using var writer = new MetricsWriter(run, 1);
        Assert.StartsWith("train_loss is", Assert.Throws<ArgumentException>(() => writer.Write(Row(1, loss: value))).Message, StringComparison.Ordinal);
        Assert.StartsWith("val_loss is", Assert.Throws<ArgumentException>(() => writer.Write(Row(1, valLoss: value))).Message, StringComparison.Ordinal);
        Assert.Empty(File.ReadAllText(run.AttemptMetricsPath(1)));
    }

    [Fact]
    public void The_later_attempt_wins_and_rows_are_in_order_of_step()
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        Write(run, 1, Row(10, 3), Row(20, 2.9), Row(30, 2.8), Row(40, 2.7));
        Write(run, 2, Row(20, 1.9), Row(30, 1.8));
        Write(run, 10, Row(30, 0.8));
        var rows = MetricsReader.Merge(run);
        Assert.Equal([10, 20, 30, 40], rows.Select(row => row.Step));
        Assert.Equal([3, 1.9, 0.8, 2.7], rows.Select(row => row.TrainLoss));

        Assert.Equal(rows, MetricsFile.Complete(run));
        Assert.Equal(rows, MetricsReader.Read(run.MetricsPath));
        Assert.Equal(rows, MetricsReader.Merge(run));
    }

    [Fact]
    public void A_last_line_cut_off_anywhere_is_passed_over()
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        Write(run, 1, Row(1), Row(2));
        var whole = File.ReadAllText(run.AttemptMetricsPath(1));
        var firstLine = whole.IndexOf('\n') + 1;
        for (var length = firstLine; length < whole.Length - 1; length++)
        {
            File.WriteAllText(run.AttemptMetricsPath(1), whole[..length]);
            Assert.Equal([1], MetricsReader.Merge(run).Select(row => row.Step));
        }
        File.WriteAllText(run.AttemptMetricsPath(1), whole[..^1]);
        Assert.Equal([1, 2], MetricsReader.Merge(run).Select(row => row.Step));
        File.WriteAllText(run.AttemptMetricsPath(1), "");
        Assert.Empty(MetricsReader.Merge(run));
    }

    [Theory]
    [InlineData("{\"step\":2")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"step\":2}")]
    [InlineData("{\"step\":2,\"epoch\":0,\"train_loss\":1,\"val_loss\":null,\"learning_rate\":1,\"grad_norm\":1,\"throughput\":1,\"time\":1,\"more\":1}")]
    public void A_damaged_line_before_the_last_is_an_error_with_its_number(string line)
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        Write(run, 1, Row(1), Row(3));
        var path = run.AttemptMetricsPath(1);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\n", $"\n{line}\n", StringComparison.Ordinal));
        Assert.Equal(path + ":2: this line is no metrics row", Assert.Throws<RunException>(() => MetricsReader.Merge(run)).Message);
    }

    [Fact]
    public void An_attempt_is_never_written_twice()
    {
        using var folder = new TemporaryFolder();
        var run = RunDirectory.Create(folder.Path, "x");
        Write(run, 1, Row(1));
        Assert.Contains("cannot be started", Assert.Throws<RunException>(() => new MetricsWriter(run, 1)).Message, StringComparison.Ordinal);
        Assert.Single(MetricsReader.Merge(run));
    }

    [Fact]
    public void Rows_are_compared_over_all_fields_but_times()
    {
        var row = Row(1, valLoss: 2);
        Assert.True(row.EqualsExceptTimes(row with { Time = 9, Throughput = 9 }));
        MetricsRow[] different =
        [
            row with { Step = 2 }, row with { Epoch = 2 }, row with { TrainLoss = Math.BitIncrement(row.TrainLoss) }, row with { ValLoss = null },
            row with { LearningRate = 1 }, row with { GradNorm = 1 },
        ];
        Assert.All(different, other => Assert.False(row.EqualsExceptTimes(other)));
    }

    private static void Write(RunDirectory run, int attempt, params MetricsRow[] rows)
    {
        using var writer = new MetricsWriter(run, attempt);
        foreach (var row in rows)
        {
            writer.Write(row);
        }
    }
}
