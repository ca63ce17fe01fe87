namespace RnnLab.Training;

/// <summary>
/// The loss or the gradient became NaN or infinite. On the CPU that is seen before the parameters are changed by it; on a device, where the host reads results only now
/// and then, the updates from that step on have been made.
/// </summary>
public sealed class DivergedException(string message) : UserException(message);
