using RnnLab.Cells;

namespace RnnLab.Modules;

/// <summary>
/// Takes the place of TorchSharp's RNN (<c>nn.RNN</c>): the same arguments, calls, parameters and results, computed by RnnLab; see <see cref="RnnCell"/> for the equations.
/// </summary>
public sealed class RNN : HiddenStateModule
{
    /// <summary>A module.</summary>
    /// <param name="inputSize">I.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="numLayers">Levels.</param>
    /// <param name="nonLinearity">tanh or relu.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="batchFirst">Whether inputs and outputs are (B, T, ·).</param>
    /// <param name="dropout">Probability of dropping an output of a level on its way to the next, in training.</param>
    /// <param name="bidirectional">Whether each level has a layer in reverse too.</param>
    /// <param name="device">Where the parameters are made; TorchSharp's default unless it is given.</param>
    /// <param name="dtype">float32 or float64; TorchSharp's default unless it is given.</param>
    /// <param name="options">What TorchSharp's modules do not have.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range.</exception>
    public RNN(
        long inputSize, long hiddenSize, long numLayers = 1, nn.NonLinearities nonLinearity = nn.NonLinearities.Tanh, bool bias = true, bool batchFirst = false, double dropout = 0,
        bool bidirectional = false, Device? device = null, ScalarType? dtype = null, RecurrentModuleOptions? options = null)
        : base(nameof(RNN), new(() => new RnnCell(hiddenSize, Of(nonLinearity)), inputSize, numLayers, bias, dropout, bidirectional, options), batchFirst, device, dtype)
    {
    }

    /// <summary>W_ih of layer <paramref name="idx"/> in PyTorch's order, in which a bidirectional level has two.</summary>
    public Parameter? get_weight_ih(long idx) => Of("weight_ih", idx);

    /// <summary>W_hh of layer <paramref name="idx"/>.</summary>
    public Parameter? get_weight_hh(long idx) => Of("weight_hh", idx);

    /// <summary>b_ih of layer <paramref name="idx"/>, or null without biases.</summary>
    public Parameter? get_bias_ih(long idx) => Of("bias_ih", idx);

    /// <summary>b_hh of layer <paramref name="idx"/>, or null without biases.</summary>
    public Parameter? get_bias_hh(long idx) => Of("bias_hh", idx);

    private Parameter? Of(string kind, long idx) => get_parameter($"{kind}_{LayerName(idx)}");

    private static Nonlinearity Of(nn.NonLinearities nonLinearity) => nonLinearity == nn.NonLinearities.ReLU ? Nonlinearity.Relu : Nonlinearity.Tanh;
}
