using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// libtorch's GRU: r, z = σ(W_ih x + b_ih + W_hh h + b_hh); n = tanh(W_in x + b_in + r (W_hn h + b_hn)); h' = (1 − z) n + z h.
/// Input (T, B, I), or (B, T, I) with batch_first; output (T, B, D H) alike; h (layers D, B, H), D directions.
/// </summary>
public sealed class GRU : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly RecurrentLayout _layout;

    internal GRU(RecurrentLayout layout) : base(nameof(GRU))
    {
        _layout = layout;
        foreach (var (name, parameter) in layout.Create()) register_parameter(name, parameter);
    }

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null) =>
        _layout.Run("aten::gru.input", input, h0, [.. _internal_params.values()], training);

    public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

    /// <summary>The same over packed sequences; the states are in the order of the sequences that were packed.</summary>
    public (nn.utils.rnn.PackedSequence, Tensor) call(nn.utils.rnn.PackedSequence input, Tensor? h0 = null) =>
        _layout.Run("aten::gru.data", input, h0, [.. _internal_params.values()], training);

    /// <summary>Puts the weights into one block, as cuDNN wants them; on the CPU nothing is done.</summary>
    public void flatten_parameters() => CudnnWeights.Flatten(CudnnWeights.Gru, _layout, [.. _internal_params.values()]);
}
