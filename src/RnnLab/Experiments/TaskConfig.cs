using RnnLab.Experiments.Configuration;
using RnnLab.Tasks;

namespace RnnLab.Experiments;

/// <summary>The <c>task</c> section: a text to model, character by character.</summary>
/// <param name="Text">A text file, or a folder whose files are joined.</param>
/// <param name="Include">For a folder: endings of the files that count.</param>
/// <param name="ValidationFraction">The part that is held out.</param>
/// <param name="Split">Where it is taken from.</param>
public sealed record TaskConfig(string Text, IReadOnlyList<string> Include, double ValidationFraction, TextSplit Split)
{
    private const string Name = "char_lm";

    internal static TaskConfig Read(ConfigSection section)
    {
        section.Choice("name", Name, Name);
        var include = section.Texts("include");
        return new(
            section.RequiredPath("text"),
            include.Count > 0 ? include : TextCorpus.DefaultInclude,
            section.Number("validation_fraction", 0.05, above: 0, below: 1),
            section.Choice("split", "end", "end", "per_stream") == "end" ? TextSplit.End : TextSplit.PerStream);
    }

    internal ConfigTree ToTree() => new()
    {
        { "name", Name },
        { "text", Path.GetFullPath(Text) },
        { "include", Include },
        { "validation_fraction", ValidationFraction },
        { "split", Split == TextSplit.End ? "end" : "per_stream" },
    };
}
