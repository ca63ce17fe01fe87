using RnnLab.Cells;

namespace RnnLab.Recurrence.Passes;

/// <summary>What one step's adjoint leaves for the products after the loop.</summary>
/// <param name="Da">∂a_t, (B, G·H).</param>
/// <param name="Dq">∂q_t, one per recurrent product.</param>
/// <param name="DOwn">Gradients of the cell's own parameters.</param>
/// <param name="DsBefore">∂s_{t-1}.</param>
/// <param name="Dh">∂h_t where the cell projects.</param>
internal sealed record StepGradient(Tensor Da, IReadOnlyList<Tensor> Dq, IReadOnlyList<Tensor> DOwn, CellState DsBefore, Tensor? Dh)
{
    /// <summary>All its tensors, each once.</summary>
    public IEnumerable<Tensor> Tensors() => Distinct(Lasting().Append(DsBefore.H).Append(DsBefore.C));

    /// <summary>Those that the products after the loop take, each once.</summary>
    public IEnumerable<Tensor> Lasting() => Distinct(Dq.Concat(DOwn).Append(Da).Append(Dh));

    public void MoveToOuterDisposeScope()
    {
        foreach (var tensor in Tensors())
            tensor.MoveToOuterDisposeScope();
    }

    private static IEnumerable<Tensor> Distinct(IEnumerable<Tensor?> tensors)
        => tensors.OfType<Tensor>().Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>();
}
