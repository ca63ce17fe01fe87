using RnnLab.Experiments.Configuration;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>A text to model, by character (char_lm) or by word (word_lm).</summary>
/// <param name="Text">A text file, or a folder whose files are joined.</param>
/// <param name="Include">For a folder: endings of the files that count.</param>
/// <param name="ValidationText">Another text to validate on; null where a part of <paramref name="Text"/> is held out.</param>
/// <param name="ValidationFraction">The part that is held out.</param>
/// <param name="Split">Where it is taken from.</param>
/// <param name="Symbols">Characters or words, and the vocabulary's limits.</param>
public sealed record TextTaskConfig(string Text, IReadOnlyList<string> Include, string? ValidationText, double ValidationFraction, TextSplit Split, TextSymbols Symbols) : TaskConfig
{
    private const string Characters = "char_lm", Words = "word_lm";

    internal static readonly string[] Names = [Characters, Words];

    /// <inheritdoc/>
    public override string Name => Symbols.Level == TextLevel.Word ? Words : Characters;

    internal override IReadOnlyList<string> Paths => ["text", "validation_text"];

    /// <summary>The task on texts that are at hand.</summary>
    /// <param name="corpus">The text.</param>
    /// <param name="validation">The one to validate on, where there is one of its own.</param>
    /// <param name="streams">The batch size.</param>
    /// <param name="vocabulary">A saved run's, or null for the text's own.</param>
    internal TextTask NewTask(TextCorpus corpus, TextCorpus? validation, int streams, Vocabulary? vocabulary)
        => new(corpus, ValidationFraction, Split, streams, vocabulary, Symbols, validation);

    /// <summary>The text to validate on, read; null where there is none of its own.</summary>
    internal TextCorpus? LoadValidation() => ValidationText is null ? null : TextCorpus.Load(ValidationText, Include);

    /// <summary>V, of the text that it names.</summary>
    /// <exception cref="UserException">The text cannot be read.</exception>
    public int VocabularySize() => NewTask(TextCorpus.Load(Text, Include), LoadValidation(), 1, null).Vocabulary.Size;

    internal static TextTaskConfig Read(ConfigSection section, string name)
    {
        var include = section.Texts("include");
        var validation = section.OptionalPath("validation_text");
        var split = section.Choice("split", "end", "end", "per_stream") == "end" ? TextSplit.End : TextSplit.PerStream;
        if (validation is not null && split == TextSplit.PerStream)
            throw section.Error("split", "with a validation_text nothing is held out of the text; expected end");
        return new(
            section.RequiredPath("text"),
            include.Count > 0 ? include : TextCorpus.DefaultInclude,
            validation,
            section.Number("validation_fraction", 0.05, above: 0, below: 1),
            split,
            ReadSymbols(section, name == Words ? TextLevel.Word : TextLevel.Character));
    }

    internal override ConfigTree ToTree()
    {
        var tree = new ConfigTree
        {
            { "name", Name },
            { "text", Path.GetFullPath(Text) },
            { "include", Include },
            { "validation_text", ValidationText is null ? null : Path.GetFullPath(ValidationText) },
            { "validation_fraction", ValidationFraction },
            { "split", Split == TextSplit.End ? "end" : "per_stream" },
            { "min_count", Symbols.Limits.MinCount },
            { "max_vocabulary", Symbols.Limits.MaxSymbols },
        };
        if (Symbols.Level == TextLevel.Word)
            tree.Add("end_of_line", Symbols.EndsLines);
        return tree;
    }

    private static TextSymbols ReadSymbols(ConfigSection section, TextLevel level)
    {
        var (least, most) = (section.Integer("min_count", 1, min: 1), section.Integer("max_vocabulary", 0, min: 0));
        // Words that the validation part alone has need a token; characters do where the vocabulary is limited.
        var hasUnknown = level == TextLevel.Word || least > 1 || most > 0;
        return new(level, new VocabularyLimits(least, most, hasUnknown), level == TextLevel.Character || section.Flag("end_of_line", true));
    }
}
