namespace TorchSharp;

/// <summary>While alive, backward passes name the forward operation of an error, and check for NaN.</summary>
public class AnomalyMode : IDisposable
{
    private readonly bool wasEnabled = IsEnabled;
    private readonly bool checkedNaN = ShouldCheckNaN;

    public AnomalyMode(bool enabled, bool check_nan = true) =>
        NativeMethods.SetAnomalyMode(enabled ? 1 : 0, check_nan ? 1 : 0);

    public static bool IsEnabled => NativeMethods.AnomalyMode() != 0;

    public static bool ShouldCheckNaN => NativeMethods.AnomalyChecksNaN() != 0;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            NativeMethods.SetAnomalyMode(wasEnabled ? 1 : 0, checkedNaN ? 1 : 0);
        }
    }
}
