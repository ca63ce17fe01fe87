using RnnLab.Layers;
using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>The modules of a decoder that have names under <c>decoder</c>: the target embedding, if any, and the recurrence.</summary>
internal sealed class DecoderModule : PlacedModule
{
    public DecoderModule(TokenInput? embedding, RecurrentStack rnn) : base("decoder")
    {
        if (embedding is not null)
            register_module(embedding.GetName(), embedding);
        register_module("rnn", rnn);
    }
}

/// <summary>
/// The equations of a decoder's step, with x_t = [e_t; c; h~_{t-1}] of which some are absent:
/// <code>
/// no attention      x_t = [e_t] or [e_t; C]                                     h_t = rnn(x_t)    readout h_t
/// additive          c_t attends with the top layer's h_{t-1}, x_t = [e_t; c_t]  h_t = rnn(x_t)    readout [h_t; c_t]
/// dot general concat  x_t = [e_t] or [e_t; h~_{t-1}]   h_t = rnn(x_t), c_t attends with h_t       readout h~_t = tanh(W_c [c_t; h_t])
/// </code>
/// and logits = W readout + b.
/// </summary>
/// <param name="Embedding">Target tokens to e_t, or null for zeros at every step.</param>
/// <param name="Rnn">The recurrence.</param>
/// <param name="Attention">The attention, or null.</param>
/// <param name="Combine">Gives h~; with the scores dot, general and concat.</param>
/// <param name="Head">Readout to logits.</param>
/// <param name="FixedWidth">The width of C where it stands beside every input, else 0.</param>
/// <param name="InputFeeding">Whether h~_{t-1} does.</param>
internal sealed record DecoderParts(
    TokenInput? Embedding, RecurrentStack Rnn, Attention? Attention, Combine? Combine, Linear Head, long FixedWidth, bool InputFeeding)
{
    /// <summary>Whether the context is chosen before the recurrence's step, and enters it.</summary>
    public bool AttendsBefore => Attention is not null && Combine is null;

    /// <summary>Whether a step's input depends on the step before it otherwise than by its token.</summary>
    public bool IsSequential => AttendsBefore || InputFeeding;

    /// <summary>O, the width of the recurrence's output.</summary>
    public long OutputSize => Rnn.OutputSize;

    /// <summary>A parameter: its dtype and device are the model's.</summary>
    public Parameter Like => Head.Weight;

    /// <summary>x of its parts, (…, I): joined, or a column of zeros where there is none.</summary>
    /// <param name="leading">The dimensions before the last.</param>
    /// <param name="parts">e, c and h~, as far as there are.</param>
    public Tensor Input(long[] leading, params Tensor?[] parts)
    {
        Tensor[] present = [.. parts.OfType<Tensor>()];
        return present.Length switch
        {
            0 => zeros([.. leading, 1], Like.dtype, Like.device),
            1 => present[0].contiguous(),
            _ => cat(present, -1),
        };
    }

    /// <summary>∂L/∂e, ∂L/∂c and ∂L/∂h~ of ∂L/∂x (…, I): views; null where there is no such part.</summary>
    public (Tensor? De, Tensor? DContext, Tensor? DFeeding) Split(Tensor dx)
    {
        var first = 0L;
        var de = Part(Embedding?.Width ?? 0);
        var dContext = Part(AttendsBefore ? Attention!.MemorySize : FixedWidth);
        return (de, dContext, Part(InputFeeding ? OutputSize : 0));

        Tensor? Part(long width)
        {
            var part = width == 0 ? null : dx.narrow(-1, first, width);
            first += width;
            return part;
        }
    }

    /// <summary>One step.</summary>
    /// <param name="e">e_t, (B, E), or null.</param>
    /// <param name="fixedContext">C, or null.</param>
    /// <param name="feeding">h~_{t-1}, or null.</param>
    /// <param name="top">The top layer's h_{t-1}.</param>
    /// <param name="attention">The memory, or null.</param>
    /// <param name="advance">The recurrence: h_t of x_t.</param>
    public DecoderStep Step(Tensor? e, Tensor? fixedContext, Tensor? feeding, Tensor top, AttentionPass? attention, Func<Tensor, Tensor> advance)
    {
        long[] leading = [top.shape[0]];
        if (AttendsBefore)
        {
            var (c, weights) = attention!.Step(top);
            var h = advance(Input(leading, e, c));
            return new(cat([h, c], 1), null, weights);
        }
        var output = advance(Input(leading, e, fixedContext, feeding));
        return attention is null ? new(output, null, null) : Combined(output, attention);
    }

    /// <summary>What comes after the recurrence with the scores dot, general and concat, for one output (B, O) or T (T, B, O).</summary>
    public DecoderStep Combined(Tensor h, AttentionPass attention)
    {
        var (c, weights) = attention.Step(h);
        var u = cat([c, h], -1);
        return new(Combine!.Forward(u), u, weights);
    }

    /// <summary>The adjoint of <see cref="Combined"/>, without dW_c.</summary>
    /// <returns>∂L/∂h, and da for dW_c.</returns>
    public (Tensor Dh, Tensor Da) CombinedBack(Tensor readout, Tensor dReadout, AttentionPass attention)
    {
        var (da, du) = Combine!.Backward(readout, dReadout);
        var M = Attention!.MemorySize;
        var dq = attention.StepBackward(du.narrow(-1, 0, M).contiguous());
        return (du.narrow(-1, M, OutputSize) + dq, da);
    }
}

/// <summary>What a step, or T at once, gives.</summary>
/// <param name="Readout">What the head sees.</param>
/// <param name="Joined">[c; h] that h~ was made of, or null.</param>
/// <param name="Weights">The attention's, or null.</param>
internal sealed record DecoderStep(Tensor Readout, Tensor? Joined, Tensor? Weights);
