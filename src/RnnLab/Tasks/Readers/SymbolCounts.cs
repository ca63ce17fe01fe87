using System.Runtime.InteropServices;

namespace RnnLab.Tasks;

/// <summary>How often symbols occur.</summary>
internal sealed class SymbolCounts
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts by symbol.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Counts symbols in.</summary>
    public void Add(IEnumerable<string> symbols)
    {
        foreach (var symbol in symbols)
            CollectionsMarshal.GetValueRefOrAddDefault(_counts, symbol, out _)++;
    }
}
