using RnnLab.Cells;

namespace RnnLab.Modules;

/// <summary>
/// Takes the place of TorchSharp's LSTM (<c>nn.LSTM</c>): the same arguments, calls, parameters and results, computed by RnnLab; see <see cref="LstmCell"/> for the equations.
/// </summary>
public sealed class LSTM : CellStateModule
{
    /// <summary>A module.</summary>
    /// <param name="inputSize">I.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="numLayers">Levels.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="batchFirst">Whether inputs and outputs are (B, T, ·).</param>
    /// <param name="dropout">Probability of dropping an output of a level on its way to the next, in training.</param>
    /// <param name="bidirectional">Whether each level has a layer in reverse too.</param>
    /// <param name="device">Where the parameters are made; TorchSharp's default unless it is given.</param>
    /// <param name="dtype">float32 or float64; TorchSharp's default unless it is given.</param>
    /// <param name="projSize">P of the projected LSTM (Sak et al. 2014), PyTorch's proj_size; 0 for none.</param>
    /// <param name="options">What TorchSharp's modules do not have.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range.</exception>
    public LSTM(
        long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null,
        ScalarType? dtype = null, long projSize = 0, RecurrentModuleOptions? options = null)
        : base(nameof(LSTM), new(() => new LstmCell(hiddenSize, projSize), inputSize, numLayers, bias, dropout, bidirectional, options), batchFirst, device, dtype)
    {
    }
}
