using RnnLab.Cells;

namespace RnnLab.Modules;

/// <summary>
/// Takes the place of TorchSharp's RNN (<c>nn.RNN</c>): the same arguments, calls, parameters and results, computed by RnnLab; see <see cref="RnnCell"/> for the equations.
/// </summary>
public sealed class RNN : HiddenStateModule
{
    /// <inheritdoc cref="LSTM(long, long, long, bool, bool, double, bool, Device, ScalarType?, long, RecurrentModuleOptions)"/>
    public RNN(
        long inputSize, long hiddenSize, long numLayers = 1, nn.NonLinearities nonLinearity = nn.NonLinearities.Tanh, bool bias = true, bool batchFirst = false, double dropout = 0,
        bool bidirectional = false, Device? device = null, ScalarType? dtype = null, RecurrentModuleOptions? options = null)
        : base(nameof(RNN), new(() => new RnnCell(hiddenSize, Of(nonLinearity)), inputSize, numLayers, bias, dropout, bidirectional, options), batchFirst, device, dtype)
    {
    }

    private static Nonlinearity Of(nn.NonLinearities nonLinearity) => nonLinearity == nn.NonLinearities.ReLU ? Nonlinearity.Relu : Nonlinearity.Tanh;
}
