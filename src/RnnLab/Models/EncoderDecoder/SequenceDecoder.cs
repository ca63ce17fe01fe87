using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>
/// A decoder whose inputs are all known ahead and do not depend on its outputs: the recurrence runs over the whole sequence at once, and attention over all its outputs.
/// </summary>
internal sealed class SequenceDecoder : DecoderPass
{
    private readonly DecoderParts _parts;
    private readonly Tensor _tokens;
    private readonly StackTape? _tape;
    private readonly AttentionPass? _attention;
    private readonly Tensor? _joined;

    /// <param name="parts">The decoder.</param>
    /// <param name="encoding">What it is told.</param>
    /// <param name="s0">Its first state.</param>
    /// <param name="tokens">What it is fed, (T', B).</param>
    /// <param name="record">Whether there is to be a backward.</param>
    /// <param name="firstStep">The number of the first time step.</param>
    public SequenceDecoder(DecoderParts parts, Encoding encoding, RecurrentState s0, Tensor tokens, bool record, long firstStep)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        (_parts, _tokens, _tape) = (parts, tokens.alias().DetachFromDisposeScope(), record ? new StackTape() : null);
        var context = parts.FixedWidth == 0 ? null : encoding.Summary.expand([tokens.shape[0], .. encoding.Summary.shape]);
        var (h, _) = parts.Rnn.Forward(parts.Input(tokens.shape, parts.Embedding?.Forward(tokens), context), s0, _tape, new SequenceOptions { FirstStep = firstStep });
        _attention = parts.Attention?.Begin(encoding.Memory!, encoding.Mask, record);
        var step = _attention is null ? new(h, null, null) : parts.Combined(h, _attention);
        Readout = step.Readout.DetachFromDisposeScope();
        _joined = record ? step.Joined?.DetachFromDisposeScope() : null;
    }

    public override Tensor Readout { get; }

    public override DecoderGradient Backward(Tensor dReadout)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var dh = dReadout;
        if (_attention is not null)
        {
            (dh, var da) = _parts.CombinedBack(Readout, dReadout, _attention);
            _parts.Combine!.AddGradient(_joined!, da);
        }
        var dMemory = _attention?.Finish();
        if (_parts.Embedding is not { HasParameters: true } && _parts.FixedWidth == 0)
            return new(_parts.Rnn.BackwardToParameters(_tape!, dh).Map(ds => ds.MoveToOuterDisposeScope()), dMemory?.MoveToOuterDisposeScope(), null);
        var (dx, ds0) = _parts.Rnn.Backward(_tape!, dh);
        var (de, dContext, _) = _parts.Split(dx);
        if (de is not null)
            _parts.Embedding!.Backward(_tokens, de);
        return new(ds0.Map(ds => ds.MoveToOuterDisposeScope()), dMemory?.MoveToOuterDisposeScope(), dContext?.sum(0L).MoveToOuterDisposeScope());
    }

    public override void Dispose()
    {
        _tokens.Dispose();
        _tape?.Dispose();
        _attention?.Dispose();
        _joined?.Dispose();
        Readout.Dispose();
    }
}
