using RnnLab.Models.Decoding;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>
/// The state of sequences that an <see cref="EncoderDecoderModel"/> is saying, a row each: the layers' states, what the rows were told, and h~ where it is fed.
/// </summary>
public sealed class EncoderDecoderState : DecoderState
{
    private bool _disposed;

    internal EncoderDecoderState(RecurrentState rnn, Tensor? fixedContext, SharedMemory? memory, Tensor? feeding, Tensor? attention)
        => (Rnn, FixedContext, Memory, Feeding, Attention) = (rnn, fixedContext, memory, feeding, attention);

    /// <summary>
    /// α (R, S) of the latest step: how much each row attended to each position of its input; null before the first step, or without attention. This object's own.
    /// </summary>
    public Tensor? Attention { get; }

    internal RecurrentState Rnn { get; }

    internal Tensor? FixedContext { get; }

    internal SharedMemory? Memory { get; }

    internal Tensor? Feeding { get; }

    /// <inheritdoc/>
    public override DecoderState Select(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ObjectDisposedException.ThrowIf(_disposed, this);
        using var scope = NewDisposeScope();
        Tensor Of(Tensor own) => own.index_select(0, rows).DetachFromDisposeScope();
        Tensor? OfAny(Tensor? own) => own is null ? null : Of(own);
        return new EncoderDecoderState(Rnn.Map(Of), OfAny(FixedContext), Memory?.Select(rows), OfAny(Feeding), OfAny(Attention));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Rnn.Dispose();
        FixedContext?.Dispose();
        Memory?.Dispose();
        Feeding?.Dispose();
        Attention?.Dispose();
    }
}
