using System.Runtime.InteropServices;
using RnnLab.Tasks;

namespace RnnLab.Metrics;

/// <summary>
/// <c>macro_f1</c>: the mean of F1 = 2·TP / (2·TP + FP + FN) over the classes that occur among the targets or the answers, each class counting the same
/// however rare it is. Targets count with their weights.
/// </summary>
public sealed class MacroF1 : IMetric
{
    // TP, and 2·TP + FP + FN: how often the class is a target or an answer.
    private readonly Dictionary<long, (double Right, double Occurrences)> _classes = [];

    /// <inheritdoc/>
    public void Add(Example example, Prediction prediction)
    {
        foreach (var (target, said, weight) in Scored.Tokens(example, prediction))
        {
            Count(target, target == said ? weight : 0, weight);
            Count(said, 0, weight);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, double Value)> Values()
        => _classes.Count == 0 ? [] : [("macro_f1", _classes.OrderBy(pair => pair.Key).Average(pair => 2 * pair.Value.Right / pair.Value.Occurrences))];

    private void Count(long token, double right, double occurrences)
    {
        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_classes, token, out _);
        counts = (counts.Right + right, counts.Occurrences + occurrences);
    }
}
