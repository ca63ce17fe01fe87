namespace RnnLab.Tasks;

/// <summary>Which symbols of a training part a vocabulary takes in.</summary>
/// <param name="MinCount">How often a symbol must occur.</param>
/// <param name="MaxSymbols">How many are taken in at most, the commonest (of equally common ones the first in ordinal order); 0 for no limit. Marks do not count.</param>
/// <param name="HasUnknown">Whether there is <see cref="Vocabulary.Unknown"/>, which stands for all others.</param>
public sealed record VocabularyLimits(int MinCount = 1, int MaxSymbols = 0, bool HasUnknown = false)
{
    /// <summary>Whether every symbol that occurs is taken in, and no other stands for one.</summary>
    public bool IsOpen => MinCount <= 1 && MaxSymbols == 0 && !HasUnknown;

    /// <summary>Settings of readers by that name: min_count, max_vocabulary and unknown.</summary>
    internal static readonly IReadOnlyList<TaskSetting> Settings =
    [
        new IntegerSetting("min_count", "how often a symbol must occur in the training part to be in the vocabulary", 1, 1, int.MaxValue),
        new IntegerSetting("max_vocabulary", "how many symbols the vocabulary has at most, the commonest, marks aside; 0: no limit", 0, 0, int.MaxValue),
        new FlagSetting("unknown", "<unk> stands for symbols that are not in the vocabulary, else they are an error", true),
    ];

    /// <summary>The limits that settings give.</summary>
    internal static VocabularyLimits Of(TaskValues values)
    {
        var limits = new VocabularyLimits(values.Integer("min_count"), values.Integer("max_vocabulary"), values.Flag("unknown"));
        return limits.HasUnknown || limits.IsOpen ? limits : throw values.Error("unknown", "a vocabulary with min_count or max_vocabulary needs <unk>: set unknown: true");
    }

    /// <summary>The vocabulary of symbols with their counts: <see cref="Vocabulary.Unknown"/>, if there is one, then the marks, then the symbols in ordinal order.</summary>
    public Vocabulary Vocabulary(IReadOnlyDictionary<string, long> counts, params IReadOnlyList<string> marks)
    {
        IReadOnlyList<string> all = HasUnknown ? [Tasks.Vocabulary.Unknown, .. marks] : marks;
        return Tasks.Vocabulary.Of([.. all, .. Kept(counts, all).Order(StringComparer.Ordinal)]);
    }

    /// <summary>The same for sequences of their own: <see cref="Vocabulary.OfTargets"/>.</summary>
    public Vocabulary Targets(IReadOnlyDictionary<string, long> counts)
        => Tasks.Vocabulary.OfTargets(HasUnknown ? Kept(counts, Tasks.Vocabulary.Unknown).Append(Tasks.Vocabulary.Unknown) : Kept(counts));

    private IEnumerable<string> Kept(IReadOnlyDictionary<string, long> counts, params IReadOnlyList<string> marks)
        => counts.Where(symbol => symbol.Value >= MinCount && !marks.Contains(symbol.Key))
            .OrderByDescending(symbol => symbol.Value).ThenBy(symbol => symbol.Key, StringComparer.Ordinal)
            .Select(symbol => symbol.Key).Take(MaxSymbols == 0 ? int.MaxValue : MaxSymbols);
}
