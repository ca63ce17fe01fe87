namespace RnnLab.Recurrence.Passes;

/// <summary>What acts on one step beside the cell. A null leaves things as they are.</summary>
/// <param name="Operand">m of u_0 = m ⊙ h_{t-1}, the first recurrent product's operand.</param>
/// <param name="UpdateH">u of h_t = h_{t-1} + u ⊙ (h̃_t − h_{t-1}), where h̃_t is what the cell gives: 0 keeps the old state, 1 takes the new one.</param>
/// <param name="UpdateC">The same for c.</param>
internal sealed record StepMasks(Tensor? Operand, Tensor? UpdateH, Tensor? UpdateC)
{
    public static StepMasks None { get; } = new(null, null, null);
}
