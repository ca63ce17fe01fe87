using System.Collections;

namespace RnnLab.Experiments.Configuration;

/// <summary>
/// A configuration to be written: keys and values in a fixed order. A value is null, a bool, an int, a long, a float, a double, a string,
/// a further tree, or a list of these. Fill it with a collection initialiser: <c>new ConfigTree { { "seed", 1 }, { "model", new
/// ConfigTree { … } } }</c>.
/// </summary>
public sealed class ConfigTree : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly OrderedDictionary<string, object?> _entries = [];

    /// <summary>How many keys the tree has at its top level.</summary>
    public int Count => _entries.Count;

    /// <summary>The value of a key; setting it keeps the key's place, or adds the key at the end.</summary>
    public object? this[string key]
    {
        get => _entries[key];
        set => _entries[key] = value;
    }

    /// <summary>Adds a key at the end.</summary>
    /// <exception cref="ArgumentException">The key is already there.</exception>
    public void Add(string key, object? value) => _entries.Add(key, value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
