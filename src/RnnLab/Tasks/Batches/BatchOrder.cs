namespace RnnLab.Tasks;

/// <summary>Which examples stand in which batch: a function of the seed and the update's number alone, so that a resumed training goes on with the same ones.</summary>
public sealed class BatchOrder
{
    /// <summary>The order of a training.</summary>
    /// <param name="examples">The training part.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="seed">The experiment's seed.</param>
    /// <param name="bucketing">Whether a batch is made of examples of like lengths: of every 64 batches of the shuffled order the examples are sorted by length, and the batches shuffled again.</param>
    public BatchOrder(IExamples examples, int batchSize, ulong seed, bool bucketing) => throw new NotImplementedException();

    /// <summary>Updates in a pass over the examples; the last batch is smaller where they do not fill it. Null where examples have no end.</summary>
    public long? StepsPerEpoch => throw new NotImplementedException();

    /// <summary>The numbers of the examples of update <paramref name="step"/>, from 0.</summary>
    public IReadOnlyList<long> Batch(long step) => throw new NotImplementedException();
}
