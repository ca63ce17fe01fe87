using RnnLab.Forcing;
using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>A decoder run step by step: where a step's input depends on the step before, by its attention, its h~ or the token that it chose.</summary>
internal sealed class StepwiseDecoder : DecoderPass
{
    private readonly DecoderParts _parts;
    private readonly StackSteps _steps;
    private readonly AttentionPass? _attention;
    private readonly Tensor _tokens;
    private readonly Tensor? _joined;

    /// <param name="parts">The decoder.</param>
    /// <param name="encoding">What it is told.</param>
    /// <param name="s0">Its first state.</param>
    /// <param name="tokens">What it is fed where that is the truth, (T', B).</param>
    /// <param name="forcing">When the truth is fed; null for always.</param>
    /// <param name="record">Whether there is to be a backward.</param>
    /// <param name="firstStep">The number of the first time step.</param>
    public StepwiseDecoder(DecoderParts parts, Encoding encoding, RecurrentState s0, Tensor tokens, TeacherForcing? forcing, bool record, long firstStep)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        _parts = parts;
        _steps = parts.Rnn.BeginSteps(s0, record, firstStep);
        _attention = parts.Attention?.Begin(encoding.Memory!, encoding.Mask, record);
        var (T, B) = ((int)tokens.shape[0], tokens.shape[1]);
        // With the model's own tokens written over it step by step.
        _tokens = (forcing is null ? tokens.alias() : tokens.clone()).DetachFromDisposeScope();
        var embedded = forcing is null ? parts.Embedding?.Forward(tokens) : null;
        var (logits, steps) = (new Tensor[T], new DecoderStep[T]);
        var fixedContext = parts.FixedWidth == 0 ? null : encoding.Summary;
        var feeding = parts.InputFeeding ? zeros([B, parts.OutputSize], parts.Like.dtype, parts.Like.device) : null;
        for (var t = 0; t < T; t++)
        {
            var fed = _tokens.select(0, t);
            if (forcing is not null && t > 0 && Coins.OfStep(forcing, firstStep, t, B, fed.device) is { } coins)
                fed.copy_(where(coins, fed, OwnTokens.Choose(logits[t - 1], forcing, firstStep, t)));
            var e = embedded is null ? parts.Embedding?.Forward(fed) : embedded.select(0, t);
            steps[t] = parts.Step(e, fixedContext, feeding, _steps.State.Layers[^1].H, _attention, _steps.Step);
            feeding = parts.InputFeeding ? steps[t].Readout : null;
            if (forcing is not null)
                logits[t] = parts.Head.Forward(steps[t].Readout);
        }
        Readout = stack(steps.Select(step => step.Readout)).DetachFromDisposeScope();
        Logits = forcing is null ? null : stack(logits).DetachFromDisposeScope();
        _joined = record && parts.Combine is not null ? stack(steps.Select(step => step.Joined!)).DetachFromDisposeScope() : null;
    }

    public override Tensor Readout { get; }

    public override Tensor? Logits { get; }

    public override DecoderGradient Backward(Tensor dReadout)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var T = (int)dReadout.shape[0];
        var (de, da) = (new Tensor?[T], new Tensor[T]);
        // What reaches the step before the present one: its top layer's h by the attention's query, and its h~ by input feeding.
        Tensor? dTop = null, dFeeding = null, dFixed = null;
        for (var t = T - 1; t >= 0; t--)
        {
            var (dr, dContext) = (Sum(dReadout.select(0, t), dFeeding), (Tensor?)null);
            var dh = dr;
            if (_parts.Combine is not null)
                (dh, da[t]) = _parts.CombinedBack(Readout.select(0, t), dr, _attention!);
            else if (_parts.AttendsBefore)
                (dh, dContext) = (dr.narrow(1, 0, _parts.OutputSize).contiguous(), dr.narrow(1, _parts.OutputSize, _parts.Attention!.MemorySize));
            (de[t], var dInput, dFeeding) = _parts.Split(_steps.StepBackward(dh, dTop is null ? null : AtTop(dTop)));
            if (_parts.AttendsBefore)
                dTop = _attention!.StepBackward(dContext! + dInput!);
            else if (dInput is not null)
                dFixed = Sum(dInput, dFixed);
        }
        var ds0 = _steps.Finish();
        if (dTop is not null)
            ds0 = new([.. ds0.Layers.SkipLast(1), ds0.Layers[^1].AddH(dTop)]);
        if (_parts.Embedding is { HasParameters: true } embedding)
            embedding.Backward(_tokens, stack(de.Select(d => d!)));
        _parts.Combine?.AddGradient(_joined!, stack(da));
        return new(ds0.Map(ds => ds.MoveToOuterDisposeScope()), _attention?.Finish().MoveToOuterDisposeScope(), dFixed?.contiguous().MoveToOuterDisposeScope());
    }

    public override void Dispose()
    {
        _steps.Dispose();
        _attention?.Dispose();
        _tokens.Dispose();
        _joined?.Dispose();
        Readout.Dispose();
        Logits?.Dispose();
    }

    /// <summary>A gradient of the layers' states that is <paramref name="dTop"/> for the top layer's h and 0 for all else.</summary>
    private RecurrentState AtTop(Tensor dTop)
    {
        var none = _parts.Rnn.ZeroState(dTop.shape[0]);
        return new([.. none.Layers.SkipLast(1), none.Layers[^1] with { H = dTop }]);
    }

    private static Tensor Sum(Tensor x, Tensor? y) => y is null ? x : x + y;
}
