namespace RnnLab;

/// <summary>
/// A mistake in what a person gave (a file, a key, a prompt), told in one clear line. The command line prints the message alone and
/// exits with 1; no stack trace is shown.
/// </summary>
public class UserException : Exception
{
    /// <summary>The line to show.</summary>
    public UserException(string message) : base(message)
    {
    }

    /// <summary>The line to show, and the failure behind it.</summary>
    public UserException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
