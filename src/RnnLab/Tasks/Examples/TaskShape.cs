namespace RnnLab.Tasks;

/// <summary>What a step's value is.</summary>
public enum ValueKind
{
    /// <summary>One of K tokens or classes; as a target, softmax and cross-entropy.</summary>
    Tokens,

    /// <summary>A vector of K real numbers; as a target, squared error.</summary>
    Reals,

    /// <summary>K bits, each 0 or 1; as a target, K sigmoids and the sum of their cross-entropies.</summary>
    Bits,
}

/// <summary>The values of a sequence.</summary>
/// <param name="Kind">What a step's value is.</param>
/// <param name="Size">K: how many tokens there are, or how many numbers a step has.</param>
public sealed record ValueShape(ValueKind Kind, int Size);

/// <summary>Where targets stand.</summary>
public enum TargetPlace
{
    /// <summary>One at each input step: many-to-many in step.</summary>
    EachStep,

    /// <summary>One for the whole input: many-to-one.</summary>
    Sequence,

    /// <summary>A sequence of its own length: encoder–decoder, and one-to-many where the input has one step.</summary>
    OwnSteps,
}

/// <summary>The form of a task's examples, which a model is built for.</summary>
/// <param name="Input">The input's values.</param>
/// <param name="Target">The target's values. With <see cref="TargetPlace.OwnSteps"/> tokens, of which <see cref="Vocabulary.BeginIndex"/> and <see cref="Vocabulary.EndIndex"/> are marks.</param>
/// <param name="Place">Where targets stand.</param>
public sealed record TaskShape(ValueShape Input, ValueShape Target, TargetPlace Place)
{
    /// <summary>
    /// Whether the target at a step is the next step's input, a series of real numbers or a text: what a model says can then be fed to it as its next input.
    /// </summary>
    public bool IsAutoregressive { get; init; }

    /// <summary>Whether an input is one step, a vector of attributes and no sequence: with targets of their own length, one-to-many.</summary>
    public bool HasSingleInput { get; init; }

    /// <summary>Whether targets are to be told from what came before them alone, so that a model that sees the right context would cheat.</summary>
    public bool IsCausal { get; init; }
}
