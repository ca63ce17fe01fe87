namespace RnnLab.Cli;

/// <summary>The arguments CONFIG [key=value …] of a verb, told apart.</summary>
/// <param name="Verb">The verb, for messages.</param>
/// <param name="Config">The config file, or null.</param>
/// <param name="Overrides">The key=value arguments, in order.</param>
internal sealed record ConfigArguments(string Verb, string? Config, IReadOnlyList<string> Overrides)
{
    /// <exception cref="UserException">An argument is an unknown option, or there are two config files.</exception>
    public static ConfigArguments Of(string[] arguments, string verb)
    {
        if (Array.Find(arguments, a => a.StartsWith('-')) is { } option)
            throw new UserException($"unknown option {option}; rnnlab {verb} --help lists them");
        var files = arguments.Where(a => File.Exists(a) || !a.Contains('=', StringComparison.Ordinal)).ToArray();
        return files.Length <= 1
            ? new(verb, files.FirstOrDefault(), [.. arguments.Where(a => !files.Contains(a))])
            : throw new UserException($"{files[1]}: one config file at a time; keys are set as key=value");
    }

    public string RequireConfig() => Config ?? throw new UserException($"{Verb} needs a config file, such as experiments/quickstart.yaml");
}
