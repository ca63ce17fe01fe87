namespace RnnLab.Experiments.Configuration;

/// <summary>One <c>key.path=value</c> of the command line; <c>key.path=null</c> drops the key.</summary>
internal static class ConfigOverride
{
    public static void Apply(MapNode root, string argument)
    {
        var equals = argument.IndexOf('=');
        var keys = equals < 0 ? [] : argument[..equals].Trim().Split('.');
        if (keys.Length == 0 || keys.Any(key => key.Length == 0 || key.Any(char.IsWhiteSpace)))
        {
            throw new ConfigException($"command line: {argument}: expected key=value or section.key=value");
        }

        var origin = ConfigOrigin.OfArgument(argument);
        var section = root;
        foreach (var key in keys[..^1])
        {
            section = Enter(section, key, origin);
        }
        var value = Value(argument[(equals + 1)..].Trim(), argument);
        if (value is ScalarNode { IsNull: true, Text.Length: > 0 })
        {
            // key=null takes back what the file says: the way to drop a key that another choice does not know.
            section.Remove(keys[^1]);
            return;
        }
        section.Set(new ConfigEntry(keys[^1], origin, value));
    }

    private static MapNode Enter(MapNode section, string key, ConfigOrigin origin)
    {
        switch (section.Find(key)?.Value)
        {
            case MapNode map:
                return map;
            case null or ScalarNode { IsNull: true }:
                var created = new MapNode(origin);
                section.Set(new ConfigEntry(key, origin, created));
                return created;
            case var other:
                throw new ConfigException($"{origin.Describe("")}: {key} is {other.Shown}, not a section");
        }
    }

    private static ConfigNode Value(string text, string argument)
    {
        var isYaml = text.Length > 0 && text[0] is '{' or '[' or '"' or '\'';
        return (isYaml ? YamlReader.ReadArgument(text, argument) : null) ?? new ScalarNode(ConfigOrigin.OfArgument(argument), text, Quoted: false);
    }
}
