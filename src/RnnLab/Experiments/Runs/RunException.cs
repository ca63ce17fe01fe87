using System.Text.RegularExpressions;

namespace RnnLab.Experiments.Runs;

/// <summary>What is wrong with a run's folder or one of its files, as one line that names the path and the reason.</summary>
public sealed partial class RunException : UserException
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public RunException(string message) : base(message) { }

    /// <summary>Creates the exception with its one-line message and the failure behind it.</summary>
    public RunException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Whether an exception is a failure of the file system rather than of the program.</summary>
    public static bool IsFileFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>The exception for a failed action ("cannot be written") on a path.</summary>
    internal static RunException Of(string path, string action, Exception exception)
    {
        var reason = exception switch
        {
            UnauthorizedAccessException => "permission denied",
            FileNotFoundException => "no such file",
            DirectoryNotFoundException => "no such folder",
            PathTooLongException => "the path is too long",
            _ => PathPattern().Replace(exception.Message.ReplaceLineEndings(" "), "").TrimEnd('.', ' '),
        };
        return new RunException($"{path}: {action}: {reason}", exception);
    }

    // .NET ends its message with the path at hand, which may be the temporary file's.
    [GeneratedRegex(@" : '[^']*'\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
