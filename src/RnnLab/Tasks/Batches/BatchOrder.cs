using RnnLab.Randomness;

namespace RnnLab.Tasks;

/// <summary>
/// Which examples stand in which batch: a function of the seed and the update's number alone, so that a resumed training goes on with the same ones.
/// A finite training part is shuffled anew for every epoch; of an endless one each update takes the next B examples.
/// </summary>
public sealed class BatchOrder
{
    /// <summary>Batches whose examples are sorted by length together.</summary>
    private const int PoolSteps = 64;

    private readonly IExamples _examples;
    private readonly int _batchSize;
    private readonly bool _bucketing;
    private readonly RandomStream _exampleStream, _batchStream;
    private (long Epoch, long[] Order)? _epoch;
    private (long FirstStep, long[][] Batches)? _pool;

    /// <summary>The order of a training.</summary>
    /// <param name="examples">The training part.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="bucketing">
    /// Whether a batch is made of examples of like lengths: of every 64 batches of the shuffled order the examples are sorted by length, and the
    /// batches shuffled again.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is not positive.</exception>
    /// <exception cref="ArgumentException">There is no example, or there are more than an epoch's shuffled order can hold, 2³¹ − 1.</exception>
    public BatchOrder(IExamples examples, int batchSize, ulong seed, bool bucketing)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (examples.Count is < 1 or > int.MaxValue)
            throw new ArgumentException($"{examples.Count} examples to train on, expected 1 to {int.MaxValue}, or an endless task", nameof(examples));
        (_examples, _batchSize, _bucketing) = (examples, batchSize, bucketing);
        (_exampleStream, _batchStream) = (new(seed, "order/examples"), new(seed, "order/batches"));
        StepsPerEpoch = examples.Count is { } count ? (count + batchSize - 1) / batchSize : null;
    }

    /// <summary>Updates in a pass over the examples; the last batch is smaller where they do not fill it. Null where examples have no end.</summary>
    public long? StepsPerEpoch { get; }

    /// <summary>The numbers of the examples of update <paramref name="step"/>, from 0.</summary>
    public IReadOnlyList<long> Batch(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return _bucketing ? Bucketed(step) : Plain(step);
    }

    /// <summary>Examples in their order, for evaluation; the last batch is smaller where they do not fill it.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="batchSize">B.</param>
    public static IEnumerable<IReadOnlyList<long>> InOrder(long count, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        return Batches();

        IEnumerable<IReadOnlyList<long>> Batches()
        {
            for (var first = 0L; first < count; first += batchSize)
                yield return Numbers(first, (int)Math.Min(batchSize, count - first));
        }
    }

    private long[] Plain(long step)
    {
        if (StepsPerEpoch is not { } perEpoch)
            return Numbers(checked(step * _batchSize), _batchSize);
        if (_epoch?.Epoch != step / perEpoch)
            _epoch = (step / perEpoch, Shuffled(Numbers(0, (int)_examples.Count!.Value), _exampleStream, (ulong)(step / perEpoch)));
        var first = (int)(step % perEpoch) * (long)_batchSize;
        var order = _epoch!.Value.Order;
        return order[(int)first..(int)Math.Min(first + _batchSize, order.Length)];
    }

    private long[] Bucketed(long step)
    {
        var (epochStart, within) = StepsPerEpoch is { } perEpoch ? (step / perEpoch * perEpoch, step % perEpoch) : (0, step);
        var firstStep = epochStart + within / PoolSteps * PoolSteps;
        if (_pool?.FirstStep != firstStep)
            _pool = (firstStep, Pool(firstStep, StepsPerEpoch is { } steps ? (int)Math.Min(PoolSteps, epochStart + steps - firstStep) : PoolSteps));
        return _pool!.Value.Batches[step - firstStep];
    }

    /// <summary>
    /// The batches of some steps, sorted by length together and shuffled. One that is not full stays as it is, last, so that its examples are of any
    /// length.
    /// </summary>
    private long[][] Pool(long firstStep, int steps)
    {
        var batches = Enumerable.Range(0, steps).Select(i => Plain(firstStep + i)).ToArray();
        var full = batches.Where(batch => batch.Length == _batchSize).ToArray();
        // A stable sort: examples of one length stay in the shuffled order.
        var sorted = full.SelectMany(batch => batch).Select(i => (Index: i, Length: _examples.InputLength(i))).OrderBy(e => e.Length).Select(e => e.Index);
        return [.. Shuffled(sorted.Chunk(_batchSize).ToArray(), _batchStream, (ulong)firstStep), .. batches.Skip(full.Length)];
    }

    private static long[] Numbers(long first, int count)
    {
        var numbers = new long[count];
        for (var i = 0; i < count; i++)
            numbers[i] = first + i;
        return numbers;
    }

    /// <summary>The items in random order, in place (Fisher and Yates; Durstenfeld 1964).</summary>
    private static T[] Shuffled<T>(T[] items, RandomStream stream, ulong @event)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)(stream.Uniform(@event, (ulong)i) * (i + 1));
            (items[i], items[j]) = (items[j], items[i]);
        }
        return items;
    }
}
