using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// libtorch's Elman network: h' = φ(W_ih x + b_ih + W_hh h + b_hh), φ tanh or relu.
/// Input (T, B, I), or (B, T, I) with batch_first; output (T, B, D H) alike; h (layers D, B, H), D directions.
/// </summary>
public sealed class RNN : nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
{
    private readonly RecurrentLayout _layout;
    private readonly nn.NonLinearities _nonlinearity;

    private string Operator => _nonlinearity == nn.NonLinearities.ReLU ? "aten::rnn_relu" : "aten::rnn_tanh";

    internal RNN(RecurrentLayout layout, nn.NonLinearities nonlinearity) : base(nameof(RNN))
    {
        _layout = layout;
        _nonlinearity = nonlinearity;
        foreach (var (name, parameter) in layout.Create()) register_parameter(name, parameter);
    }

    public override (Tensor, Tensor) forward(Tensor input, Tensor? h0) =>
        _layout.Run(Operator + ".input", input, h0, [.. _internal_params.values()], training);

    public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

    /// <summary>The same over packed sequences; the states are in the order of the sequences that were packed.</summary>
    public (nn.utils.rnn.PackedSequence, Tensor) call(nn.utils.rnn.PackedSequence input, Tensor? h0 = null) =>
        _layout.Run(Operator + ".data", input, h0, [.. _internal_params.values()], training);

    public Parameter? get_weight_ih(long idx) => get_parameter($"weight_ih_l{idx}");

    public Parameter? get_weight_hh(long idx) => get_parameter($"weight_hh_l{idx}");

    public Parameter? get_bias_ih(long idx) => get_parameter($"bias_ih_l{idx}");

    public Parameter? get_bias_hh(long idx) => get_parameter($"bias_hh_l{idx}");

    /// <summary>Puts the weights into one block, as cuDNN wants them; on the CPU nothing is done.</summary>
    public void flatten_parameters() =>
        CudnnWeights.Flatten(
            _nonlinearity == nn.NonLinearities.ReLU ? CudnnWeights.RnnRelu : CudnnWeights.RnnTanh, _layout,
            [.. _internal_params.values()]);
}
