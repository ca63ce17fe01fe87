using RnnLab.Cells;

namespace RnnLab.Recurrence.Passes;

/// <summary>One step on a tape of the readable form.</summary>
internal sealed class StepRecord(CellState before, StepMasks masks) : IDisposable
{
    /// <summary>s_{t-1}.</summary>
    public CellState Before { get; } = before.Share();

    /// <summary>What acted beside the cell.</summary>
    public StepMasks Masks { get; private set; } = masks;

    /// <summary>s_t as φ returned it, before any projection.</summary>
    public CellState After { get; private set; } = null!;

    /// <summary>s_t as the next step sees it.</summary>
    public CellState State { get; private set; } = null!;

    /// <summary>What the cell's functions saved.</summary>
    public List<Tensor> Saved { get; } = [];

    /// <summary>u_1, u_2 …: the operands of the recurrent products after the first.</summary>
    public List<Tensor> Operands { get; } = [];

    /// <summary>u_k, the operand of product k.</summary>
    public Tensor Operand(int product) => product > 0 ? Operands[product - 1] : Masks.Operand is { } m ? Before.H * m : Before.H;

    /// <summary>What it holds, in bytes, s_{t-1} apart, which is the step's before.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Takes hold of what the step left, by handles of its own: what a cell saved may be a tensor that it was given.
    /// </summary>
    public void Close(CellState after, CellState state)
    {
        // Before it has handles of its own: without a projection and masks, s_t is what φ returned.
        Bytes = new[] { after.H, after.C, state.H, state.C, Masks.UpdateH, Masks.UpdateC }.OfType<Tensor>().Concat(Saved).Concat(Operands)
            .Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>().Sum(tensor => tensor.numel() * tensor.element_size());
        After = after.Share();
        State = state.Share();
        Hold(Saved);
        Hold(Operands);
        Masks = new(Held(Masks.Operand), Held(Masks.UpdateH), Held(Masks.UpdateC));
    }

    private static void Hold(List<Tensor> tensors)
    {
        for (var i = 0; i < tensors.Count; i++)
            tensors[i] = Held(tensors[i])!;
    }

    private static Tensor? Held(Tensor? tensor) => tensor?.alias().DetachFromDisposeScope();

    public void Dispose()
    {
        Before.Dispose();
        After?.Dispose();
        State?.Dispose();
        foreach (var tensor in Saved.Concat(Operands).Concat(new[] { Masks.Operand, Masks.UpdateH, Masks.UpdateC }.OfType<Tensor>()))
            tensor.Dispose();
    }
}
