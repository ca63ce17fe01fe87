using RnnLab.Benchmarks;
using RnnLab.Tests.Runs;

namespace RnnLab.Tests.Benchmarks;

/// <summary>Statistics and interleaving, over sides whose times a test sets.</summary>
public sealed class MeasurementTests
{
    [Theory]
    [InlineData(3.0, 5.0, 3.0, 1.0)]
    [InlineData(2.5, 4.0, 1.0, 2.0, 3.0)]
    [InlineData(7.0, 7.0)]
    public void The_median_is_the_middle_value(double median, params double[] values) => Assert.Equal(median, Statistics.Median(values));

    [Fact]
    public void The_geometric_mean_is_over_the_values_that_are_there()
    {
        Assert.Equal(4, Statistics.GeometricMean([2, null, 8])!.Value, 12);
        Assert.Null(Statistics.GeometricMean([null]));
    }

    [Fact]
    public void Both_sides_run_in_turn_each_uncounted_first()
    {
        var order = new List<char>();
        new Measurement(0, 0, 0, () => order.Add('|')).Compare(Side('a', 1), Side('b', 1), 3);
        // Two blocks each to warm up, then the pairs, with a lead-in before every block.
        Assert.Equal("aabb" + "aabb|" + "aabb|" + "aabb|", string.Concat(order));

        Timed Side(char name, double seconds) => _ =>
        {
            order.Add(name);
            return seconds;
        };
    }

    [Fact]
    public void The_ratio_is_the_median_of_the_pairs_ratios()
    {
        // The machine is slow during the second pair, and something disturbs the third.
        var (ours, peer) = (Replay(1, 10, 1), Replay(3, 30, 100));
        var found = new Measurement(blockSeconds: 0, warmUpSeconds: 0, leadInSeconds: 0, () => { }).Compare(ours, peer, 3);
        Assert.Equal(new Comparison(1, 30, 3), found);
    }

    [Fact]
    public void A_block_repeats_the_work_until_it_lasts_long_enough()
    {
        var repeats = new List<int>();
        var measurement = new Measurement(blockSeconds: 0.02, warmUpSeconds: 0, leadInSeconds: 0.05, () => { });
        measurement.Compare(n =>
        {
            repeats.Add(n);
            return 0.0015;
        }, _ => 1, 2);
        Assert.Equal([1, 14, 34, 14, 34, 14], repeats);
        Assert.Equal(1, measurement.Alone(n => n == 1 ? 1 : throw new InvalidOperationException("more than one repeat of a long run"), 3));
    }

    [Fact]
    public void Warming_up_lasts_as_long_as_asked_for()
    {
        var calls = 0;
        new Measurement(blockSeconds: 0.1, warmUpSeconds: 1, leadInSeconds: 0, () => { }).Compare(_ => { calls++; return 0.1; }, _ => 1, 1);
        // Ten or, by rounding, eleven, then a lead-in and a block.
        Assert.InRange(calls, 12, 13);
    }

    [Fact]
    public void A_clocked_side_tells_the_time_of_one_run()
    {
        var clock = new ManualClock();
        Assert.Equal(0.25, Measurement.Clocked(() => clock.Advance(0.25), clock)(4), 12);
    }

    [Fact]
    public void What_the_runs_have_begun_is_waited_for_once_and_counted()
    {
        var clock = new ManualClock();
        Assert.Equal(0.5, Measurement.Clocked(() => clock.Advance(0.25), clock, settle: () => clock.Advance(1))(4), 12);
    }

    /// <summary>Takes these times in its blocks, and a thousand seconds where it is not to be counted.</summary>
    private static Timed Replay(params double[] seconds)
    {
        var call = 0;
        return _ => call++ < 2 || call % 2 == 1 ? 1000 : seconds[call / 2 - 2];
    }
}
