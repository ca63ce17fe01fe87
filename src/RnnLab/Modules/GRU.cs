using RnnLab.Cells;

namespace RnnLab.Modules;

/// <summary>
/// Takes the place of TorchSharp's GRU (<c>nn.GRU</c>): the same arguments, calls, parameters and results, computed by RnnLab; see <see cref="GruCell"/> for the equations.
/// </summary>
public sealed class GRU : HiddenStateModule
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
    /// <param name="options">What TorchSharp's modules do not have.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range.</exception>
    public GRU(
        long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null,
        ScalarType? dtype = null, RecurrentModuleOptions? options = null)
        : base(nameof(GRU), new(() => new GruCell(hiddenSize), inputSize, numLayers, bias, dropout, bidirectional, options), batchFirst, device, dtype)
    {
    }
}
