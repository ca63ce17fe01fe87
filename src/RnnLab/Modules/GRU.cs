using RnnLab.Cells;

namespace RnnLab.Modules;

/// <summary>
/// Takes the place of TorchSharp's GRU (<c>nn.GRU</c>): the same arguments, calls, parameters and results, computed by RnnLab; see <see cref="GruCell"/> for the equations.
/// </summary>
public sealed class GRU : HiddenStateModule
{
    /// <inheritdoc cref="CellStateModule(Func{Cell}, long, long, bool, bool, double, bool, Device, ScalarType?, RecurrentModuleOptions)"/>
    /// <param name="hiddenSize">H.</param>
    public GRU(
        long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null,
        ScalarType? dtype = null, RecurrentModuleOptions? options = null)
        : base(nameof(GRU), new(() => new GruCell(hiddenSize), inputSize, numLayers, bias, dropout, bidirectional, options), batchFirst, device, dtype)
    {
    }
}
