namespace RnnLab.Experiments.Configuration;

/// <summary>
/// What is wrong with a configuration, as one line for the person who wrote it: the file and line (or "command line"), the key, and what
/// was expected.
/// </summary>
public sealed class ConfigException : UserException
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public ConfigException(string message) : base(message) { }

    /// <summary>Creates the exception with its one-line message and the failure behind it.</summary>
    public ConfigException(string message, Exception innerException) : base(message, innerException) { }
}
