namespace RnnLab.Tasks;

/// <summary>
/// The baseline beside a character model: p(b | a) = (n(a, b) + δ) / (n(a) + δV) from the counts of the training text, δ = 0.1
/// (additive smoothing, Lidstone 1920).
/// </summary>
public sealed class BigramModel
{
    private const double Delta = 0.1;
    private readonly int _size;
    private readonly Dictionary<(long, long), int> _pairs = [];
    private readonly Dictionary<long, int> _firsts = [];

    /// <summary>Counts stretches of a training text of tokens below <paramref name="vocabularySize"/>.</summary>
    public BigramModel(IEnumerable<ReadOnlyMemory<long>> training, int vocabularySize)
    {
        _size = vocabularySize;
        foreach (var pair in training.SelectMany(Pairs))
        {
            _pairs[pair] = _pairs.GetValueOrDefault(pair) + 1;
            _firsts[pair.First] = _firsts.GetValueOrDefault(pair.First) + 1;
        }
    }

    /// <summary>Mean −ln p of the characters of a text, the first of each stretch aside, in nats.</summary>
    /// <exception cref="ArgumentException">There is no stretch of two characters.</exception>
    public double CrossEntropy(IEnumerable<ReadOnlyMemory<long>> text)
    {
        var (nats, count) = (0.0, 0L);
        foreach (var (a, b) in text.SelectMany(Pairs))
        {
            nats -= Math.Log((_pairs.GetValueOrDefault((a, b)) + Delta) / (_firsts.GetValueOrDefault(a) + Delta * _size));
            count++;
        }
        return count > 0 ? nats / count : throw new ArgumentException("a bigram needs two characters", nameof(text));
    }

    private static IEnumerable<(long First, long Second)> Pairs(ReadOnlyMemory<long> part)
    {
        for (var i = 1; i < part.Length; i++)
            yield return (part.Span[i - 1], part.Span[i]);
    }
}
