namespace RnnLab.Cells;

/// <summary>What the adjoint of a pointwise function returns.</summary>
/// <param name="Da">∂L/∂a of the product's gates.</param>
/// <param name="Dq">∂L/∂q of the same gates; the very same tensor as <paramref name="Da"/> where φ sees only the sum a + q.</param>
/// <param name="Dh">The direct part of ∂L/∂h_{t-1}, or null where h_{t-1} acts through the product alone.</param>
/// <param name="Dc">∂L/∂c_{t-1}, or null.</param>
public sealed record PhiGradient(Tensor Da, Tensor Dq, Tensor? Dh = null, Tensor? Dc = null)
{
    /// <summary>This step's gradients of the cell's own parameters, in their order and shapes; the runner adds them up over T.</summary>
    public IReadOnlyList<Tensor> DOwn { get; init; } = [];

    /// <summary>Gradients of what an earlier function of the same step saved, in an order that the cell knows.</summary>
    public IReadOnlyList<Tensor> Carry { get; init; } = [];
}

/// <summary>A parameter of φ itself.</summary>
/// <param name="Name">Its name without the layer: weight_p becomes weight_p_l0 in layer 0.</param>
/// <param name="Shape">Its shape.</param>
public sealed record OwnParameter(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>The number that all of it starts at, or null where it is drawn as the weights are.</summary>
    public double? Start { get; init; }

    /// <summary>Whether it is the gates' bias (G·H) of a cell without <see cref="Cell.HasProjectionBiases"/>, which an initialisation may set gate by gate.</summary>
    public bool IsGateBias { get; init; }
}
