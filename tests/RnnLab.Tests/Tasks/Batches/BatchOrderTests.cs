using RnnLab.Randomness;
using RnnLab.Tasks;

namespace RnnLab.Tests.Tasks.Batches;

public sealed class BatchOrderTests
{
    private static readonly RandomStream LengthStream = new(3, "lengths");

    private static int LengthOf(long index) => 1 + (int)(LengthStream.Uniform(0, (ulong)index) * 50);

    private static GeneratedExamples Examples(long? count)
        => new(i => new(new TokenSteps(new long[LengthOf(i)]), new TokenSteps([0])), count);

    private static long[][] Batches(BatchOrder order, long first, int steps) => [.. Enumerable.Range(0, steps).Select(i => order.Batch(first + i).ToArray())];

    [Theory]
    [InlineData(1, 4), InlineData(12, 4), InlineData(13, 4), InlineData(700, 3), InlineData(5, 8)]
    public void Every_epoch_has_every_example_once_with_bucketing_and_without(int count, int batchSize)
    {
        foreach (var bucketing in new[] { false, true })
        {
            var order = new BatchOrder(Examples(count), batchSize, seed: 1, bucketing);
            var perEpoch = (int)order.StepsPerEpoch!.Value;
            Assert.Equal((count + batchSize - 1) / batchSize, perEpoch);
            for (var epoch = 0; epoch < 2; epoch++)
            {
                var batches = Batches(order, epoch * perEpoch, perEpoch);
                Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), batches.SelectMany(batch => batch).Order());
                Assert.All(batches[..^1], batch => Assert.Equal(batchSize, batch.Length));
                Assert.Equal(count - (perEpoch - 1) * batchSize, batches[^1].Length);
            }
        }
    }

    [Theory]
    [InlineData(false, 700L), InlineData(true, 700L), InlineData(true, null), InlineData(false, null)]
    public void A_batch_is_a_function_of_the_seed_and_the_step_in_any_order_of_asking(bool bucketing, long? count)
    {
        BatchOrder New(ulong seed) => new(Examples(count), 3, seed, bucketing);
        var expected = Batches(New(1), 0, 500);
        var asked = New(1);
        foreach (var step in new[] { 499, 3, 234, 235, 64, 63, 0, 400 })
            Assert.Equal(expected[step], asked.Batch(step));
        if (count is not null || bucketing)
            Assert.NotEqual(expected, Batches(New(2), 0, 500));
    }

    [Fact]
    public void Epochs_are_shuffled_each_in_its_own_way_and_evenly()
    {
        var order = new BatchOrder(Examples(6), 6, seed: 1, bucketing: false);
        const int Epochs = 6000;
        var at = new int[6, 6];
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            var batch = order.Batch(epoch);
            for (var place = 0; place < 6; place++)
                at[place, batch[place]]++;
        }
        // 1000 expected with a standard deviation of 29: five of them.
        foreach (var times in at)
            Assert.InRange(times, 1000 - 145, 1000 + 145);
    }

    [Fact]
    public void An_endless_task_gives_the_next_examples_at_every_step()
    {
        var order = new BatchOrder(Examples(null), 4, seed: 1, bucketing: false);
        Assert.Null(order.StepsPerEpoch);
        Assert.Equal([8, 9, 10, 11], order.Batch(2));
        Assert.Equal([4_000_000_000_000, 4_000_000_000_001, 4_000_000_000_002, 4_000_000_000_003], order.Batch(1_000_000_000_000));
    }

    [Theory]
    [InlineData(4000L), InlineData(null)]
    public void Bucketing_pads_far_less_from_the_same_examples_and_does_not_go_by_length_from_batch_to_batch(long? count)
    {
        var (plain, bucketed) = (Batches(new(Examples(count), 8, 1, false), 0, 128), Batches(new(Examples(count), 8, 1, true), 0, 128));
        static int Padding(long[][] batches) => batches.Sum(batch => batch.Sum(i => batch.Max(LengthOf) - LengthOf(i)));
        Assert.Equal(plain[..64].SelectMany(b => b).Order(), bucketed[..64].SelectMany(b => b).Order());
        Assert.True(Padding(bucketed) * 10 < Padding(plain), $"{Padding(bucketed)} against {Padding(plain)}");
        var longest = bucketed[..64].Select(batch => batch.Max(LengthOf)).ToArray();
        Assert.InRange(longest.Zip(longest.Skip(1)).Count(p => p.Second < p.First), 16, 48);
    }

    [Fact]
    public void Evaluation_goes_through_all_in_order()
    {
        Assert.Equal([[0, 1, 2], [3, 4, 5], [6]], BatchOrder.InOrder(7, 3));
        Assert.Empty(BatchOrder.InOrder(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchOrder.InOrder(3, 0));
    }

    [Fact]
    public void Nothing_to_train_on_is_refused()
    {
        Assert.Contains("0 examples to train on", Assert.Throws<ArgumentException>(() => new BatchOrder(Examples(0), 2, 1, false)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchOrder(Examples(4), 0, 1, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BatchOrder(Examples(4), 2, 1, false).Batch(-1));
    }
}
