namespace TorchSharp;

/// <summary>Switches this thread's recording of gradients until it is disposed.</summary>
internal sealed class GradMode : IDisposable
{
    private readonly bool before = torch.is_grad_enabled();

    internal GradMode(bool enabled) => NativeMethods.SetGradMode(enabled ? 1 : 0);

    public void Dispose() => NativeMethods.SetGradMode(before ? 1 : 0);
}

/// <summary>Switches this thread's inference mode until it is disposed, on the same thread.</summary>
internal sealed class InferenceMode : IDisposable
{
    private nint guard;

    internal InferenceMode(bool enabled) => guard = NativeMethods.EnterInferenceMode(enabled ? 1 : 0);

    public void Dispose()
    {
        var taken = Interlocked.Exchange(ref guard, 0);
        if (taken != 0)
        {
            NativeMethods.LeaveInferenceMode(taken);
        }
    }
}
