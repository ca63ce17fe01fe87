using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// libtorch's LSTM: i, f, g, o = W_ih x + b_ih + W_hh h + b_hh; c' = σ(f) c + σ(i) tanh(g); h' = σ(o) tanh(c').
/// Input (T, B, I), or (B, T, I) with batch_first; output (T, B, D H) alike; h and c (layers D, B, H), D directions.
/// </summary>
public sealed class LSTM : nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
{
    private readonly RecurrentLayout _layout;

    internal LSTM(RecurrentLayout layout) : base(nameof(LSTM))
    {
        _layout = layout;
        foreach (var (name, parameter) in layout.Create()) register_parameter(name, parameter);
    }

    public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
    {
        _layout.CheckInput(input);
        using var zero = h0_c0 is null ? _layout.Zeros(input) : null;
        var (h0, c0) = h0_c0 ?? (zero!, zero!);
        return Op.Call3(
            "aten::lstm.input", input, new[] { h0, c0 }, _internal_params.values().ToArray<Tensor>(), _layout.Bias, _layout.Layers,
            _layout.Dropout, training, _layout.Bidirectional, _layout.BatchFirst);
    }

    public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

    /// <summary>The same over packed sequences; the states are in the order of the sequences that were packed.</summary>
    public (nn.utils.rnn.PackedSequence, Tensor, Tensor) call(nn.utils.rnn.PackedSequence input, (Tensor, Tensor)? h0_c0 = null)
    {
        Tensor[]? initial = h0_c0 is var (h0, c0) ? [h0, c0] : null;
        var (output, states) = _layout.Run("aten::lstm.data", input, initial, 2, [.. _internal_params.values()], training);
        return (output, states[0], states[1]);
    }

    /// <summary>Puts the weights into one block, as cuDNN wants them; on the CPU nothing is done.</summary>
    public void flatten_parameters() => CudnnWeights.Flatten(CudnnWeights.Lstm, _layout, [.. _internal_params.values()]);
}
