using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>What turns a sequence of input vectors into one of outputs, step for step: a recurrence, or a feedforward net that it is measured against.</summary>
public abstract class SequenceCore
{
    /// <summary>The name of <see cref="Module"/> in a model.</summary>
    public abstract string Name { get; }

    /// <summary>What holds the parameters.</summary>
    public abstract PlacedModule Module { get; }

    /// <summary>I, the size of x_t.</summary>
    public abstract long InputSize { get; }

    /// <summary>O, the width of an output.</summary>
    public abstract long OutputSize { get; }

    /// <summary>The directions that the output's columns come from.</summary>
    public virtual IReadOnlyList<ReadoutPart> Parts => [new(OutputSize, Reverse: false)];

    /// <summary>Whether an output depends on later inputs.</summary>
    public bool SeesLaterInputs => Parts.Any(part => part.Reverse);

    /// <summary>Runs over sequences from a state of zeros.</summary>
    /// <param name="x">Inputs (T, B, I); padding may hold anything.</param>
    /// <param name="options">Lengths and the number of the first time step.</param>
    /// <param name="record">Whether there is to be a backward.</param>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit.</exception>
    public abstract CorePass Run(Tensor x, SequenceOptions options, bool record);

    /// <summary>Runs over sequences of one length, to go on from there step by step.</summary>
    /// <param name="history">(T, B, I).</param>
    /// <exception cref="InvalidOperationException">The core has no further step.</exception>
    public abstract CoreContinuation Continue(Tensor history);

    /// <exception cref="ArgumentException">x is not (T, B, I).</exception>
    private protected void RequireInput(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.shape is not [> 0, > 0, var width] || width != InputSize)
            throw new ArgumentException($"input is ({string.Join(", ", x.shape)}), expected (T, B, {InputSize}) with no dimension of 0", nameof(x));
    }
}
