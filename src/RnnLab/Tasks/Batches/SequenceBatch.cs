using RnnLab.Recurrence.Sequences;

namespace RnnLab.Tasks;

/// <summary>Examples side by side as tensors on a device, padded to the longest. Padding is 0 and counts for nothing.</summary>
/// <param name="Examples">The examples, in the batch's order.</param>
/// <param name="Inputs">(T, B) int64, or (T, B, K) of the model's dtype.</param>
/// <param name="Lengths">Steps of each input; null where all are equally long.</param>
/// <param name="Targets">
/// Each step: (T, B) int64 or (T, B, K). The whole: (B) or (B, K). A sequence of its own: (T', B) int64, each with its end mark, T' the longest with it.
/// </param>
/// <param name="Weights">How much each target counts, (T, B), (B) or (T', B), of the model's dtype, 0 for padding; null where all count 1.</param>
/// <param name="Scored">The sum of the weights: what a summed loss is divided by.</param>
public sealed record SequenceBatch(IReadOnlyList<Example> Examples, Tensor Inputs, SequenceLengths? Lengths, Tensor Targets, Tensor? Weights, double Scored) : IDisposable
{
    /// <summary>B.</summary>
    public int Size => Examples.Count;

    /// <summary>T.</summary>
    public long Steps => Inputs.shape[0];

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Inputs.Dispose();
        Lengths?.Dispose();
        Targets.Dispose();
        Weights?.Dispose();
    }
}
