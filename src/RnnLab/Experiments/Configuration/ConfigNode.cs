namespace RnnLab.Experiments.Configuration;

/// <summary>Where a value was written: a line of the file, or an argument of the command line.</summary>
internal sealed record ConfigOrigin(string Source, int Line, string? Argument)
{
    public bool FromCommandLine => Argument is not null;

    public static ConfigOrigin OfFile(string source, int line) => new(source, line, null);

    public static ConfigOrigin OfArgument(string argument) => new("command line", 0, argument);

    // A value of the command line is quoted whole, so the key need not be repeated.
    public string Describe(string keyPath) =>
        Argument is not null ? $"{Source}: {Argument}"
        : keyPath.Length == 0 ? $"{Source}:{Line}"
        : $"{Source}:{Line}: {keyPath}";
}

/// <summary>A parsed YAML value together with its origin.</summary>
internal abstract record ConfigNode(ConfigOrigin Origin)
{
    /// <summary>The value as an error message shows it.</summary>
    public abstract string Shown { get; }
}

internal sealed record ScalarNode(ConfigOrigin Origin, string Text, bool Quoted) : ConfigNode(Origin)
{
    public bool IsNull => !Quoted && YamlScalars.IsNull(Text);

    public override string Shown
    {
        get
        {
            if (IsNull)
            {
                return "nothing";
            }
            if (!Quoted && (YamlScalars.LooksNumeric(Text) || YamlScalars.IsBoolean(Text)))
            {
                return Text;
            }
            var oneLine = Text.ReplaceLineEndings("\\n");
            return oneLine.Length <= 60 ? $"\"{oneLine}\"" : $"\"{oneLine[..57]}...\"";
        }
    }
}

internal sealed record ListNode(ConfigOrigin Origin, IReadOnlyList<ConfigNode> Items) : ConfigNode(Origin)
{
    public override string Shown => "a list";
}

/// <summary>A mapping in the order in which its keys were written; overrides replace values in place and add keys at the end.</summary>
internal sealed record MapNode(ConfigOrigin Origin) : ConfigNode(Origin)
{
    private readonly OrderedDictionary<string, ConfigEntry> _entries = [];

    public override string Shown => "a section";

    public IEnumerable<ConfigEntry> Entries => _entries.Values;

    public ConfigEntry? Find(string key) => _entries.GetValueOrDefault(key);

    public void Set(ConfigEntry entry) => _entries[entry.Key] = entry;

    public void Remove(string key) => _entries.Remove(key);
}

/// <summary>A key and its value; the origin is that of the key, whose line is the one that an error should name.</summary>
internal sealed record ConfigEntry(string Key, ConfigOrigin Origin, ConfigNode Value);
