namespace RnnLab.Tests.Support;

/// <summary>A test that needs a CUDA device; skipped, with the reason, where this backend sees none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CudaFactAttribute : FactAttribute
{
    public CudaFactAttribute()
    {
        if (!cuda.is_available())
            Skip = "no CUDA device is available to this backend";
    }
}
