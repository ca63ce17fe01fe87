namespace RnnLab.Tasks;

/// <summary>One example of a task: what a model is given and what it is to say.</summary>
/// <param name="Input">The input sequence; of one step where the input is not a sequence.</param>
/// <param name="Target">
/// A value for each input step, or one for the whole (of length 1), or a sequence of its own, as <see cref="TaskShape.Place"/> says. A sequence of its own is given without
/// its begin and end marks.
/// </param>
/// <param name="Weights">For targets at each step: how much each counts in the loss and the metrics, 0 where nothing is asked; null where all count 1.</param>
public sealed record Example(StepValues Input, StepValues Target, float[]? Weights = null);

/// <summary>Examples by number. Reading one twice gives the same example, at any time and in any order, so that a training can be resumed anywhere.</summary>
public interface IExamples
{
    /// <summary>How many there are; null where they are generated without an end.</summary>
    long? Count { get; }

    /// <summary>Example <paramref name="index"/>, from 0.</summary>
    /// <exception cref="UserException">It comes from a file that is no longer what it was.</exception>
    Example this[long index] { get; }

    /// <summary>Steps of an example's input, without making the example where that can be avoided: batches of like lengths are made by it.</summary>
    int InputLength(long index) => this[index].Input.Length;
}

/// <summary>Examples that are a function of their number.</summary>
/// <param name="make">The example of a number.</param>
/// <param name="count">How many there are, or null.</param>
public sealed class GeneratedExamples(Func<long, Example> make, long? count = null) : IExamples
{
    /// <inheritdoc/>
    public long? Count => count;

    /// <inheritdoc/>
    public Example this[long index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            if (index >= count)
                throw new ArgumentOutOfRangeException(nameof(index), index, $"there are {count} examples");
            return make(index);
        }
    }
}

/// <summary>Examples that are at hand.</summary>
/// <param name="examples">The examples.</param>
public sealed class ListedExamples(IReadOnlyList<Example> examples) : IExamples
{
    /// <inheritdoc/>
    public long? Count => examples.Count;

    /// <inheritdoc/>
    public Example this[long index] => examples[checked((int)index)];

    /// <inheritdoc/>
    public int InputLength(long index) => examples[checked((int)index)].Input.Length;
}
