using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>What a decoder's first state is made of.</summary>
public enum BridgeForm
{
    /// <summary>s_0 = tanh(W s + b) of the encoder's final state, or of the input vector, with a W and b for each layer's h and c.</summary>
    Learned,

    /// <summary>s_0 = s, layer by layer (Sutskever, Vinyals and Le 2014): for encoders of one direction with as many layers.</summary>
    Copy,
}

/// <summary>What a decoder is fed at its steps.</summary>
public enum LaterInputs
{
    /// <summary>The begin mark at first, then the token before, of the truth or its own.</summary>
    Tokens,

    /// <summary>Zeros at every step: only its state tells one step from another.</summary>
    Zeros,
}

/// <summary>How the fixed context C, the encoder's final top state (both directions joined) or the input vector, reaches the decoder.</summary>
/// <param name="Initial">Whether the decoder's first state is made of what the encoder ends with; of zeros where not.</param>
/// <param name="EveryStep">Whether C stands beside every step's input, [e_t; C] (Cho et al. 2014).</param>
public sealed record DecoderContext(bool Initial = true, bool EveryStep = false);

/// <summary>What an <see cref="EncoderDecoderModel"/> is built of.</summary>
public sealed record EncoderDecoderSettings
{
    /// <summary>Makes a layer's cell, of the encoder and of the decoder.</summary>
    public required Func<Cell> NewCell { get; init; }

    /// <summary>Levels of the encoder; no matter where the input is one vector.</summary>
    public int EncoderLayers { get; init; } = 1;

    /// <summary>Layers of the decoder.</summary>
    public int DecoderLayers { get; init; } = 1;

    /// <summary>Whether the encoder reads in both directions.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>The width of the embeddings of input and target tokens; null for one-hot vectors.</summary>
    public long? EmbeddingSize { get; init; }

    /// <summary>How the fixed context reaches the decoder.</summary>
    public DecoderContext Context { get; init; } = new();

    /// <summary>The score of the attention, or null for none.</summary>
    public AttentionScore? Attention { get; init; }

    /// <summary>A of the scores additive and concat; null for the width of the decoder's output.</summary>
    public long? AttentionSize { get; init; }

    /// <summary>Whether the next step's input has h~ of the step before beside it (Luong, Pham and Manning 2015).</summary>
    public bool InputFeeding { get; init; }

    /// <summary>What the decoder's first state is made of.</summary>
    public BridgeForm Bridge { get; init; }

    /// <summary>Whether the head's weight is the target embedding (Press and Wolf 2017).</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>What the decoder is fed at its steps.</summary>
    public LaterInputs LaterInputs { get; init; }

    /// <summary>How parameters start; its range holds for embeddings, bridge, attention and head too.</summary>
    public Initialization Initialization { get; init; } = Initialization.PyTorch;

    /// <summary>Whether the recurrent layers have biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Dropout between levels, of the encoder and of the decoder.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether its masks are one for all steps of a pass.</summary>
    public bool LockedDropout { get; init; }

    /// <summary>What acts on every layer's recurrence in training.</summary>
    public RecurrentRegularization Regularization { get; init; } = RecurrentRegularization.None;

    /// <summary>What goes from level to level beside the outputs.</summary>
    public StackConnection Connection { get; init; }

    /// <summary>The most tokens that the model says by itself when a batch is evaluated, the end mark among them; null for 2·(the longest target) + 10.</summary>
    public int? MaxLength { get; init; }
}
