namespace RnnLab.Training.Safetensors;

/// <summary>What is wrong with a safetensors file, as one line that names the file.</summary>
public sealed class SafetensorsException : UserException
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public SafetensorsException(string message) : base(message) { }

    /// <summary>Creates the exception with its one-line message and the failure behind it.</summary>
    public SafetensorsException(string message, Exception innerException) : base(message, innerException) { }
}
