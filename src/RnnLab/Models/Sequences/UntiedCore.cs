using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Models;

/// <summary>A recurrence with weights of its own at each step, which refuses sequences of more steps than it has weights for.</summary>
/// <param name="rnn">The network.</param>
public sealed class UntiedCore(UntiedRnn rnn) : SequenceCore
{
    /// <summary>The network.</summary>
    public UntiedRnn Rnn { get; } = rnn;

    /// <inheritdoc/>
    public override string Name => "rnn";

    /// <inheritdoc/>
    public override PlacedModule Module => Rnn;

    /// <inheritdoc/>
    public override long InputSize => Rnn.InputSize;

    /// <inheritdoc/>
    public override long OutputSize => Rnn.HiddenSize;

    /// <inheritdoc/>
    /// <exception cref="UserException">A sequence has more steps than there are weights for.</exception>
    public override CorePass Run(Tensor x, SequenceOptions options, bool record)
    {
        RequireInput(x);
        ArgumentNullException.ThrowIfNull(options);
        if (x.shape[0] > Rnn.Steps)
            throw new UserException($"model.max_length: a sequence has {x.shape[0]} steps, the model weights for {Rnn.Steps}; they are not shared over time");
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var rows = BatchRows.Of(x, options.Lengths);
        var tape = record ? new UntiedTape() : null;
        var output = Rnn.Forward(WithoutPadding(x, rows), Rnn.ZeroState(x.shape[1]), tape);
        return new Pass(Rnn, WithoutPadding(output, rows).alias(), rows, tape);
    }

    /// <inheritdoc/>
    public override CoreContinuation Continue(Tensor history)
        => throw new InvalidOperationException("a recurrence with weights of its own at each step has none for a further one");

    /// <summary>The same with 0 for padding: no gradient comes from a padded step, but what it holds meets a product.</summary>
    private static Tensor WithoutPadding(Tensor x, BatchRows rows) => rows.IsPlain ? x : rows.ToPadded(rows.ToRows(x));

    private sealed class Pass(UntiedRnn rnn, Tensor output, BatchRows rows, UntiedTape? tape) : CorePass(output, tape is not null)
    {
        protected override Tensor? GoBack(Tensor dOutput, bool wantInput)
        {
            var (dx, _) = rnn.Backward(tape!, WithoutPadding(dOutput, rows));
            return wantInput ? dx : null;
        }

        protected override void Free() => tape?.Dispose();
    }
}
