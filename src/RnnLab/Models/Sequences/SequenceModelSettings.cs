using RnnLab.Cells;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>What a <see cref="SequenceModel"/>'s core is.</summary>
public enum SequenceModelKind
{
    /// <summary>A stack of recurrent layers.</summary>
    Recurrent,

    /// <summary>A feedforward net on x_t alone.</summary>
    Memoryless,

    /// <summary>A feedforward net on the last τ inputs.</summary>
    Window,

    /// <summary>A recurrence with weights of its own at each step.</summary>
    Untied,
}

/// <summary>Which vector stands for a whole sequence.</summary>
public enum SequenceReadout
{
    /// <summary>The last state, of each direction its own.</summary>
    Last,

    /// <summary>The mean over the steps.</summary>
    Mean,

    /// <summary>The maximum over the steps, unit by unit.</summary>
    Max,
}

/// <summary>What a <see cref="SequenceModel"/> is made of. Settings that its kind has not are to be left as they are.</summary>
public sealed record SequenceModelSettings
{
    /// <summary>What the core is.</summary>
    public SequenceModelKind Kind { get; init; }

    /// <summary>Makes a recurrent layer's cell; for recurrent models, which need it.</summary>
    public Func<Cell>? NewCell { get; init; }

    /// <summary>Layers: levels of the recurrence, or hidden layers.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Whether each level of a recurrence has a layer in reverse too.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Whether a recurrence has biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Width of the embedding of input tokens; null for one-hot, and where the input is not of tokens.</summary>
    public int? EmbeddingSize { get; init; }

    /// <summary>Which vector stands for a sequence, where there is one target for the whole; the last unless it is given.</summary>
    public SequenceReadout? Readout { get; init; }

    /// <summary>τ of a window.</summary>
    public int? WindowSize { get; init; }

    /// <summary>H of feedforward layers and of an untied recurrence, which need it. (A cell knows its own.)</summary>
    public int? HiddenSize { get; init; }

    /// <summary>φ of feedforward layers and of an untied recurrence; tanh unless it is given.</summary>
    public Nonlinearity? Nonlinearity { get; init; }

    /// <summary>Steps that an untied recurrence has weights for.</summary>
    public int? UntiedSteps { get; init; }

    /// <summary>How a recurrence's parameters start; PyTorch's way unless it is given. Its range is that of the embedding and the head too.</summary>
    public Initialization? Initialization { get; init; }

    /// <summary>Dropout between the levels of a recurrence.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether its masks are one for all steps of a batch.</summary>
    public bool LockedDropout { get; init; }

    /// <summary>On every layer's recurrence.</summary>
    public RecurrentRegularization? Regularization { get; init; }

    /// <summary>What goes from level to level beside the outputs.</summary>
    public StackConnection Connection { get; init; }

    /// <summary>What a recurrence's tapes keep; all unless it is given.</summary>
    public TapeMemory? TapeMemory { get; init; }
}
