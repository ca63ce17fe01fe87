using Xunit.Abstractions;
using Xunit.Sdk;

namespace RnnLab.Tests.Support;

/// <summary>A test that needs a CUDA device, of the category cuda; skipped, with the reason, where this backend sees none.</summary>
[AttributeUsage(AttributeTargets.Method)]
[TraitDiscoverer("RnnLab.Tests.Support." + nameof(CudaTraitDiscoverer), "RnnLab.Tests")]
internal sealed class CudaFactAttribute : FactAttribute, ITraitAttribute
{
    internal const string Reason = "no CUDA device is available to this backend";

    public CudaFactAttribute() => Skip = cuda.is_available() ? null : Reason;
}

/// <summary>The same for each row of its data.</summary>
[AttributeUsage(AttributeTargets.Method)]
[TraitDiscoverer("RnnLab.Tests.Support." + nameof(CudaTraitDiscoverer), "RnnLab.Tests")]
internal sealed class CudaTheoryAttribute : TheoryAttribute, ITraitAttribute
{
    public CudaTheoryAttribute() => Skip = cuda.is_available() ? null : CudaFactAttribute.Reason;
}

/// <summary>Category=cuda, for filters.</summary>
public sealed class CudaTraitDiscoverer : ITraitDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) => [new("Category", "cuda")];
}
