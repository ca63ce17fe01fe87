namespace RnnLab.Tasks;

/// <summary>Lines to symbols, as readers' settings level and lowercase say.</summary>
/// <param name="ByWord">Whether symbols are words, between white space; else characters.</param>
/// <param name="Lowercase">Whether letters are made small.</param>
internal sealed record Symbols(bool ByWord, bool Lowercase)
{
    /// <summary>The flag alone.</summary>
    public static readonly FlagSetting LowercaseSetting = new("lowercase", "letters are made small", false);

    /// <summary>The settings.</summary>
    public static readonly IReadOnlyList<TaskSetting> Settings = [new WordSetting("level", "what a symbol is", "word", "character", "word"), LowercaseSetting];

    /// <summary>What the settings say.</summary>
    public static Symbols Of(TaskValues values) => new(values.Word("level") == "word", values.Flag("lowercase"));

    /// <summary>A line's symbols.</summary>
    public IReadOnlyList<string> Split(string line)
    {
        var text = Lowercase ? line.ToLowerInvariant() : line;
        return ByWord ? text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) : [.. text.EnumerateRunes().Select(rune => rune.ToString())];
    }

    /// <summary>The line of some symbols.</summary>
    public string Join(IEnumerable<string> symbols) => string.Join(ByWord ? " " : "", symbols);
}
