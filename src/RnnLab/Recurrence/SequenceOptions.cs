using RnnLab.Recurrence.Sequences;

namespace RnnLab.Recurrence;

/// <summary>What a call over a sequence may say beside its input.</summary>
public sealed record SequenceOptions
{
    /// <summary>Sequences of one length, in evaluation.</summary>
    public static SequenceOptions Default { get; } = new();

    /// <summary>The sequences' lengths, or null where all have T steps.</summary>
    public SequenceLengths? Lengths { get; init; }

    /// <summary>Whether a layer's <see cref="RecurrentRegularization"/> draws its masks; a stack goes by its own module's mode.</summary>
    public bool Training { get; init; }

    /// <summary>The number of the first time step, which masks are a function of.</summary>
    public long FirstStep { get; init; }
}
