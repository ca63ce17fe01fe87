using RnnLab.Experiments.Configuration;

namespace RnnLab.Experiments;

/// <summary>What may change between the attempts of one run.</summary>
internal static class ConfigDifference
{
    /// <exception cref="ConfigException">Another key differs; names it and both values.</exception>
    public static void RequireResumable(ExperimentConfig saved, ExperimentConfig given, string run)
    {
        // Data may have moved: their hash is compared, not their path. A run's length may grow.
        HashSet<string> free = [.. saved.Task.Paths.Select(path => $"task.{path}"), "training.epochs", "training.steps"];
        var (before, now) = (Flat(saved.ToTree(), ""), Flat(given.ToTree(), ""));
        foreach (var key in before.Keys.Union(now.Keys).Where(key => !free.Contains(key)))
        {
            var (was, isNow) = (before.GetValueOrDefault(key, "absent"), now.GetValueOrDefault(key, "absent"));
            if (was != isNow)
                throw new ConfigException($"{key}: {isNow}, but the run {run} has {was}; a resumed run may change {string.Join(", ", free.Order())} only");
        }
    }

    private static Dictionary<string, string> Flat(ConfigTree tree, string prefix)
    {
        var flat = new Dictionary<string, string>();
        foreach (var (key, value) in tree)
        {
            if (value is ConfigTree section)
                foreach (var (inner, text) in Flat(section, $"{prefix}{key}."))
                    flat[inner] = text;
            else
                flat[prefix + key] = YamlText.Write(new ConfigTree { { key, value } }).Trim()[(key.Length + 1)..].Trim();
        }
        return flat;
    }
}
