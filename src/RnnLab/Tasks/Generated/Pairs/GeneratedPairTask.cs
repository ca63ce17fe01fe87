namespace RnnLab.Tasks;

/// <summary>A task of sequence pairs that are drawn by its rules: a line of characters to a line of characters of its own length.</summary>
/// <param name="name">The kind's name.</param>
/// <param name="text">How lines become tokens.</param>
/// <param name="values">The settings.</param>
public abstract class GeneratedPairTask(string name, PairText text, TaskValues values)
    : SplitTask(name, new(new(ValueKind.Tokens, text.Input.Size), new(ValueKind.Tokens, text.Target.Size), TargetPlace.OwnSteps), values)
{
    private double? _frequencies;

    /// <summary>The definition's line on the baseline.</summary>
    internal const string Level = "Level of an answer that is the same at each step (frequencies): the entropy of the validation targets' symbols, end marks among them.";

    /// <inheritdoc/>
    public sealed override Vocabulary InputVocabulary => text.Input;

    /// <inheritdoc/>
    public sealed override Vocabulary TargetVocabulary => text.Target;

    /// <inheritdoc/>
    public sealed override PairText Text => text;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Baseline> Baselines => [new("frequencies", _frequencies ??= Levels.Frequencies(Validation))];

    /// <summary>Characters to characters.</summary>
    /// <param name="input">The characters of inputs.</param>
    /// <param name="target">The characters of targets.</param>
    internal static PairText ByCharacter(IEnumerable<char> input, IEnumerable<char> target)
        => PairText.ByCharacter(Vocabulary.Of([.. new SortedSet<char>(input).Select(c => c.ToString())]), Vocabulary.OfTargets(target.Select(c => c.ToString())));

    /// <inheritdoc/>
    protected sealed override Example Encode(DrawnPair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return new(Tokens(text.Input, pair.Source), Tokens(text.Target, pair.Target));
    }

    private TokenSteps Tokens(Vocabulary vocabulary, string line) => new(vocabulary.Encode(text.Split(line), line));
}
