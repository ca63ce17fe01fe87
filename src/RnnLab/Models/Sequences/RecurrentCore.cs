using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>A stack of recurrent layers, in one direction or in both, from a state of zeros.</summary>
/// <param name="rnn">The stack.</param>
/// <param name="tapeMemory">What its tapes keep for a backward; all unless it is given.</param>
public sealed class RecurrentCore(RecurrentStack rnn, TapeMemory? tapeMemory = null) : SequenceCore
{
    /// <summary>The stack.</summary>
    public RecurrentStack Rnn { get; } = rnn;

    /// <summary>What its tapes keep.</summary>
    public TapeMemory TapeMemory { get; } = tapeMemory ?? TapeMemory.Full;

    /// <inheritdoc/>
    public override string Name => "rnn";

    /// <inheritdoc/>
    public override PlacedModule Module => Rnn;

    /// <inheritdoc/>
    public override long InputSize => Rnn.InputSize;

    /// <inheritdoc/>
    public override long OutputSize => Rnn.OutputSize;

    /// <summary>Those of the top level, or of all where all levels reach the output.</summary>
    public override IReadOnlyList<ReadoutPart> Parts
        => [.. Rnn.Layers.TakeLast(Rnn.Connection == StackConnection.Skip ? Rnn.Layers.Count : Rnn.Directions)
            .Select(layer => new ReadoutPart(layer.Cell.OutputSize, layer.Reverse))];

    /// <inheritdoc/>
    public override CorePass Run(Tensor x, SequenceOptions options, bool record)
    {
        RequireInput(x);
        using var scope = NewDisposeScope();
        var tape = record ? new StackTape(TapeMemory) : null;
        return new Pass(Rnn, Rnn.Forward(x, Rnn.ZeroState(x.shape[1]), tape, options).Output, tape);
    }

    /// <inheritdoc/>
    public override CoreContinuation Continue(Tensor history)
    {
        RequireInput(history);
        if (Rnn.Directions == 2)
            throw new InvalidOperationException("a bidirectional recurrence does not go on step by step: its outputs depend on all later inputs");
        using var scope = NewDisposeScope();
        var (outputs, state) = Rnn.Forward(history, Rnn.ZeroState(history.shape[1]));
        return new Continuation(Rnn, outputs.select(0, -1).clone(), state);
    }

    private sealed class Pass(RecurrentStack rnn, Tensor output, StackTape? tape) : CorePass(output, tape is not null)
    {
        protected override Tensor? GoBack(Tensor dOutput, bool wantInput)
        {
            if (wantInput)
                return rnn.Backward(tape!, dOutput).Dx;
            rnn.BackwardToParameters(tape!, dOutput);
            return null;
        }

        protected override void Free() => tape?.Dispose();
    }

    private sealed class Continuation(RecurrentStack rnn, Tensor output, RecurrentState state) : CoreContinuation
    {
        private Tensor _output = output.DetachFromDisposeScope();
        private RecurrentState _state = state.Map(s => s.DetachFromDisposeScope());

        public override Tensor Output => _output;

        public override void Step(Tensor x)
        {
            using var scope = NewDisposeScope();
            var (output, state) = rnn.Step(x, _state);
            Dispose();
            (_output, _state) = (output.DetachFromDisposeScope(), state.Map(s => s.DetachFromDisposeScope()));
        }

        public override void Dispose()
        {
            _output.Dispose();
            _state.Dispose();
        }
    }
}
