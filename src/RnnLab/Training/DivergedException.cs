namespace RnnLab.Training;

/// <summary>The loss or the gradient became NaN or infinite; the parameters were not changed by that step.</summary>
public sealed class DivergedException(string message) : UserException(message);
