using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Models.Decoding;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>
/// A language model, p(x_1 … x_T) as a product of p(x_{t+1} | x_1 … x_t): tokens → embedding or one-hot → stacked recurrence →
/// linear → softmax. Every backward pass is by hand.
/// </summary>
public sealed class LanguageModel : PlacedModule, ISequenceModel, ITokenDecoder
{
    private readonly LossReduction _reduction;

    /// <summary>A model of the given parts.</summary>
    /// <param name="input">Tokens to vectors.</param>
    /// <param name="rnn">The recurrence.</param>
    /// <param name="head">Outputs of the recurrence to logits over V tokens.</param>
    /// <param name="reduction">How a window's loss is reduced.</param>
    /// <exception cref="ArgumentException">The widths do not fit, or the recurrence is bidirectional.</exception>
    public LanguageModel(TokenInput input, RecurrentStack rnn, Linear head, LossReduction reduction = LossReduction.Mean) : base("language_model")
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(rnn);
        ArgumentNullException.ThrowIfNull(head);
        if (rnn.Directions == 2)
            throw new ArgumentException("a language model cannot be bidirectional: the layer that runs in reverse sees x_{t+1}, the very token whose probability given x_1 … x_t is asked for");
        if (input.Width != rnn.InputSize || rnn.OutputSize != head.Weight.shape[1])
            throw new ArgumentException(
                $"widths do not fit: input {input.Width} → recurrence {rnn.InputSize}, {rnn.OutputSize} → linear {head.Weight.shape[1]}");
        (Input, Rnn, Head, _reduction) = (input, rnn, head, reduction);
        register_module(input.GetName(), input);
        register_module("rnn", rnn);
        register_module("linear", head);
    }

    /// <summary>Tokens to vectors.</summary>
    public TokenInput Input { get; }

    /// <summary>The recurrence.</summary>
    public RecurrentStack Rnn { get; }

    /// <summary>Outputs to logits.</summary>
    public Linear Head { get; }

    /// <summary>What a window's tapes keep for its backward; all unless it is set, and where <see cref="Forcing"/> lets the model be fed its own tokens.</summary>
    public TapeMemory TapeMemory { get; set; } = TapeMemory.Full;

    /// <summary>
    /// What the steps of a window are fed: null, or a probability of 1, for the truth. Else the first step is fed the truth and each later one by its
    /// coin the truth or the token that the model itself chose for it (scheduled sampling, Bengio et al. 2015), and the window runs step by step. Scores and
    /// samples do not depend on it.
    /// </summary>
    public TeacherForcing? Forcing { get; set; }

    /// <summary>What a window's loss over <paramref name="steps"/> steps has to be divided by to be the mean of a character.</summary>
    public double LossScale(long steps) => _reduction == LossReduction.Mean ? 1 : steps;

    /// <inheritdoc/>
    public RecurrentState ZeroState(long batch) => Rnn.ZeroState(batch);

    /// <inheritdoc/>
    public IWindow Forward(Tensor inputs, RecurrentState s0, long firstStep = 0) => Forward(inputs, s0, firstStep, Forcing);

    /// <summary>The same with a forcing of its own.</summary>
    internal LanguageModelWindow Forward(Tensor inputs, RecurrentState s0, long firstStep, TeacherForcing? forcing)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var scope = NewDisposeScope();
        if (forcing is { IsAlways: false })
        {
            var feedback = new TokenFeedback(this, inputs, forcing, firstStep);
            var loop = new FeedbackLoop(Rnn, s0, firstStep, (int)inputs.shape[0], feedback.Input);
            return new(this, feedback.Fed, loop.Outputs.alias().DetachFromDisposeScope(), loop);
        }
        var tape = new StackTape(TapeMemory);
        var (h, _) = Rnn.Forward(Input.Forward(inputs), s0, tape, new SequenceOptions { FirstStep = firstStep });
        return new(this, inputs.alias().DetachFromDisposeScope(), h.DetachFromDisposeScope(), new SequenceWindowTape(Rnn, tape));
    }

    /// <summary>Scores targets without recording anything.</summary>
    /// <param name="ids">Inputs (T, B), int64.</param>
    /// <param name="targets">Their successors (T, B).</param>
    /// <param name="s0">The state before them.</param>
    /// <returns>The sum of −ln p over all T·B targets, 0 dimensions and float64, on the model's device, and the state after.</returns>
    public (Tensor Nats, RecurrentState State) Score(Tensor ids, Tensor targets, RecurrentState s0)
    {
        ArgumentNullException.ThrowIfNull(targets);
        using var scope = NewDisposeScope();
        var (h, state) = Rnn.Forward(Input.Forward(ids), s0);
        var rows = SoftmaxCrossEntropy.Forward(Head.Forward(h.view(-1, Rnn.OutputSize)), targets.reshape(-1), out _);
        return (rows.to(ScalarType.Float64).sum().MoveToOuterDisposeScope(), state.Map(s => s.MoveToOuterDisposeScope()));
    }

    /// <summary>One step for sampling: logits (B, V) of the token after <paramref name="ids"/> (B), and the new state.</summary>
    public (Tensor Logits, RecurrentState State) Step(Tensor ids, RecurrentState s)
    {
        using var scope = NewDisposeScope();
        var (h, state) = Rnn.Step(Input.Forward(ids), s);
        return (Head.Forward(h).MoveToOuterDisposeScope(), state.Map(own => own.MoveToOuterDisposeScope()));
    }

    /// <summary>The state of texts of which nothing has been said, a row each.</summary>
    public LanguageModelState Start(long rows) => new(ZeroState(rows).Map(s => s.DetachFromDisposeScope()));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The state is another decoder's.</exception>
    public (Tensor Logits, DecoderState State) Step(Tensor tokens, DecoderState state)
    {
        if (state is not LanguageModelState own)
            throw new ArgumentException($"the state is a {state?.GetType().Name ?? "null"}, expected a language model's", nameof(state));
        var (logits, after) = Step(tokens, own.State);
        return (logits, new LanguageModelState(after.Map(s => s.DetachFromDisposeScope())));
    }
}
