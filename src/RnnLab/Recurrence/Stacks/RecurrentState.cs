using RnnLab.Cells;

namespace RnnLab.Recurrence;

/// <summary>The states of a stack's layers, from the lowest up; of a bidirectional one for each level the forward layer's, then the reverse layer's, as in PyTorch.</summary>
/// <param name="Layers">One for each layer.</param>
public sealed record RecurrentState(IReadOnlyList<CellState> Layers) : IDisposable
{
    /// <summary>A copy that shares nothing and that no dispose scope ends.</summary>
    public RecurrentState Copy() => new([.. Layers.Select(s => s.Copy())]);

    /// <summary>The same function of every tensor.</summary>
    public RecurrentState Map(Func<Tensor, Tensor> f) => new([.. Layers.Select(s => s.Map(f))]);

    /// <summary>The tensors by name, in the order of <see cref="Layers"/>: h_l0, c_l0, h_l1 … of a one-directional stack, for checkpoints.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Named()
    {
        for (var k = 0; k < Layers.Count; k++)
        {
            yield return ($"h_l{k}", Layers[k].H);
            if (Layers[k].C is { } c)
                yield return ($"c_l{k}", c);
        }
    }

    /// <summary>Frees every tensor.</summary>
    public void Dispose()
    {
        foreach (var state in Layers)
            state.Dispose();
    }
}
