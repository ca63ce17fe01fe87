namespace RnnLab.Experiments.Configuration;

/// <summary>
/// A section of a configuration (a YAML mapping), read key by key. The section remembers which keys were asked for, so that
/// <see cref="RejectUnknown"/> can report the others. Every reading method throws <see cref="ConfigException"/> with the file and line, or the
/// command-line argument, when the value is not what it describes. A key with an empty or null value counts as given and is an error,
/// except for the optional readers, which return null.
/// </summary>
public sealed partial class ConfigSection
{
    private readonly ConfigDocument _document;
    private readonly MapNode? _map;
    private readonly string _path;
    private readonly OrderedDictionary<string, ConfigSection?> _asked = [];

    internal ConfigSection(ConfigDocument document, MapNode? map, string path)
    {
        _document = document;
        _map = map;
        _path = path;
    }

    /// <summary>The keys that are given, in the order in which they were written; reading this asks for none of them.</summary>
    public IReadOnlyList<string> Keys => [.. _map?.Entries.Select(entry => entry.Key) ?? []];

    /// <summary>Whether the key is given, be it with an empty value.</summary>
    public bool Has(string name) => Ask(name) is not null;

    /// <summary>Whether the key's value was given on the command line, which outranks what the file says.</summary>
    public bool FromCommandLine(string name) => Ask(name) is { Origin.FromCommandLine: true };

    /// <summary>The section under a key; an empty one where the key is absent. Asking again returns the same one.</summary>
    public ConfigSection Section(string name)
    {
        if (_asked.GetValueOrDefault(name) is { } known)
        {
            return known;
        }
        var map = Ask(name)?.Value switch
        {
            null or ScalarNode { IsNull: true } => null,
            MapNode found => found,
            var other => throw Unexpected(name, other, "a section (keys and values)"),
        };
        var section = new ConfigSection(_document, map, KeyPath(name));
        _asked[name] = section;
        return section;
    }

    /// <summary>
    /// Where a key is given, for the start of a message: <c>x.yaml:12: model.hidden_size</c> or <c>command line:
    /// model.hidden_size=64</c>.
    /// </summary>
    public string Location(string name) =>
        Find(name) is { } entry ? entry.Origin.Describe(KeyPath(name))
        : _map is { Origin.FromCommandLine: false } && _path.Length > 0 ? _map.Origin.Describe(KeyPath(name))
        : $"{_document.Name}: {KeyPath(name)}";

    /// <summary>An error about a key, to be thrown by the caller: its location, then the problem.</summary>
    public ConfigException Error(string name, string problem) => new($"{Location(name)}: {problem}");

    /// <summary>Throws for the first key, here or in a section that was asked for, that nobody asked for.</summary>
    /// <exception cref="ConfigException">Names the unknown key and the nearest known one, or all the known ones.</exception>
    public void RejectUnknown()
    {
        foreach (var entry in _map?.Entries ?? [])
        {
            if (!_asked.TryGetValue(entry.Key, out var section))
            {
                throw Error(entry.Key, $"unknown key; {Suggestion(entry.Key)}");
            }
            section?.RejectUnknown();
        }
    }

    private string Suggestion(string key)
    {
        if (Spelling.Nearest(key, _asked.Keys) is { } nearest)
        {
            return $"did you mean {nearest}?";
        }
        var owner = _path.Length == 0 ? "the configuration" : _path;
        return _asked.Count == 0 ? $"{owner} takes no keys here" : $"{owner} knows {string.Join(", ", _asked.Keys)}";
    }

    private ConfigEntry? Find(string name) => _map?.Find(name);

    private ConfigEntry? Ask(string name)
    {
        _asked.TryAdd(name, null);
        return Find(name);
    }

    private string KeyPath(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    private ConfigException Unexpected(string name, ConfigNode value, string expected, string? hint = null)
    {
        // The command line's own words are in the location; a list item has its own line.
        var fromCommandLine = value.Origin.FromCommandLine;
        var got = fromCommandLine && value is ScalarNode ? "" : $", got {value.Shown}";
        return new ConfigException($"{value.Origin.Describe(KeyPath(name))}: expected {expected}{got}{(hint is null ? "" : $" ({hint})")}");
    }
}
