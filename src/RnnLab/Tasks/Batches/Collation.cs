namespace RnnLab.Tasks;

/// <summary>Examples to batches.</summary>
public static class Collation
{
    /// <summary>A batch of examples, whose tensors no dispose scope ends.</summary>
    /// <param name="examples">At least one.</param>
    /// <param name="shape">Their form.</param>
    /// <param name="dtype">Of real numbers.</param>
    /// <param name="device">Where the tensors go.</param>
    /// <exception cref="ArgumentException">There is none, or one is not of that form: an empty sequence, another width, a token out of range.</exception>
    public static SequenceBatch Of(IReadOnlyList<Example> examples, TaskShape shape, ScalarType dtype, Device device) => throw new NotImplementedException();
}
