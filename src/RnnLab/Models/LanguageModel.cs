using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>
/// A language model, p(x_1 … x_T) as a product of p(x_{t+1} | x_1 … x_t): tokens → embedding or one-hot → stacked recurrence →
/// linear → softmax. Every backward pass is by hand.
/// </summary>
public sealed class LanguageModel : PlacedModule, ISequenceModel
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

    /// <summary>What a window's tapes keep for its backward; all unless it is set.</summary>
    public TapeMemory TapeMemory { get; set; } = TapeMemory.Full;

    /// <summary>What a window's loss over <paramref name="steps"/> steps has to be divided by to be the mean of a character.</summary>
    public double LossScale(long steps) => _reduction == LossReduction.Mean ? 1 : steps;

    /// <inheritdoc/>
    public RecurrentState ZeroState(long batch) => Rnn.ZeroState(batch);

    /// <inheritdoc/>
    public IWindow Forward(Tensor inputs, RecurrentState s0, long firstStep = 0)
    {
        using var scope = NewDisposeScope();
        var tape = new StackTape(TapeMemory);
        var (h, _) = Rnn.Forward(Input.Forward(inputs), s0, tape, new SequenceOptions { FirstStep = firstStep });
        return new Window(this, inputs.alias().DetachFromDisposeScope(), h.DetachFromDisposeScope(), tape);
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

    /// <summary>A window in flight: what its backward needs.</summary>
    private sealed class Window(LanguageModel model, Tensor ids, Tensor h, StackTape tape) : IWindow
    {
        private Tensor? _p, _targets;
        private bool _spent;

        private long Skipped => h.shape[0] - _targets!.shape[0];

        public Tensor Loss(Tensor targets)
        {
            ArgumentNullException.ThrowIfNull(targets);
            RequireUnspent();
            if (targets.shape.Length != 2 || targets.shape[0] > h.shape[0] || targets.shape[1] != h.shape[1])
                throw new ArgumentException($"targets are ({string.Join(", ", targets.shape)}), the window ({h.shape[0]}, {h.shape[1]})", nameof(targets));
            using var scope = NewDisposeScope();
            _targets?.Dispose();
            _p?.Dispose();
            _targets = targets.alias().DetachFromDisposeScope();
            var rows = SoftmaxCrossEntropy.Forward(model.Head.Forward(Scored()), targets.reshape(-1), out _p);
            _p.DetachFromDisposeScope();
            return rows.sum().mul_(Scale()).MoveToOuterDisposeScope();
        }

        public void Backward()
        {
            RequireUnspent();
            if (_p is null || _targets is null)
                throw new InvalidOperationException("compute the loss before its backward");
            using var scope = NewDisposeScope();
            var (T, B, H) = (h.shape[0], h.shape[1], h.shape[2]);
            var dlogits = SoftmaxCrossEntropy.Backward(_p, _targets.reshape(-1), Scale());
            var dh = model.Head.Backward(Scored(), dlogits).view(T - Skipped, B, H);
            if (Skipped > 0)
                dh = cat([zeros([Skipped, B, H], h.dtype, h.device), dh], 0);
            if (model.Input.HasParameters)
                model.Input.Backward(ids, model.Rnn.Backward(tape, dh).Dx);
            else
                model.Rnn.BackwardToParameters(tape, dh);
            Dispose();
        }

        public RecurrentState StateBefore(int t) => tape.StateBefore(t);

        public void Dispose()
        {
            _spent = true;
            tape.Dispose();
            ids.Dispose();
            h.Dispose();
            _p?.Dispose();
            _targets?.Dispose();
        }

        private void RequireUnspent()
        {
            if (_spent)
                throw new InvalidOperationException("this window has been gone back through or disposed; run the forward again");
        }

        /// <summary>The outputs that the loss looks at, as rows.</summary>
        private Tensor Scored() => h.narrow(0, Skipped, h.shape[0] - Skipped).reshape(-1, h.shape[2]);

        private double Scale() => model.LossScale(_targets!.shape[0]) / (_targets.shape[0] * _targets.shape[1]);
    }
}
