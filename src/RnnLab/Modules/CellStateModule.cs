using RnnLab.Cells;
using static TorchSharp.torch.nn.utils.rnn;

namespace RnnLab.Modules;

/// <summary>Any cell whose state is (h, c) as a TorchSharp module, with the signatures of TorchSharp's LSTM; see <see cref="RecurrentModule{TState, TResult}"/>.</summary>
public class CellStateModule : RecurrentModule<(Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
{
    /// <summary>A module.</summary>
    /// <param name="cell">Makes a layer's cell.</param>
    /// <param name="inputSize">I.</param>
    /// <param name="numLayers">Levels.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="batchFirst">Whether inputs and outputs are (B, T, ·).</param>
    /// <param name="dropout">Probability of dropping an output of a level on its way to the next, in training.</param>
    /// <param name="bidirectional">Whether each level has a layer in reverse too.</param>
    /// <param name="device">Where the parameters are made; TorchSharp's default unless it is given.</param>
    /// <param name="dtype">float32 or float64; TorchSharp's default unless it is given.</param>
    /// <param name="options">What TorchSharp's modules do not have.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or the cell's state is of the other kind.</exception>
    public CellStateModule(
        Func<Cell> cell, long inputSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null,
        ScalarType? dtype = null, RecurrentModuleOptions? options = null)
        : this(nameof(CellStateModule), new(cell, inputSize, numLayers, bias, dropout, bidirectional, options), batchFirst, device, dtype)
    {
    }

    private protected CellStateModule(string name, ModuleForm form, bool batchFirst, Device? device, ScalarType? dtype)
        : base(name, form, hasCellState: true, batchFirst, device, dtype)
    {
    }

    /// <summary>Runs sequences.</summary>
    /// <param name="input">(T, B, I), with batch_first (B, T, I), or (T, I).</param>
    /// <param name="h0_c0">h_0 (layers·D, B, O) and c_0 (layers·D, B, H); zeros unless they are given.</param>
    /// <returns>The output (T, B, D·O), h_n and c_n.</returns>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit.</exception>
    public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
    {
        var results = Run(input, h0_c0?.Item1, h0_c0?.Item2);
        return (results[0], results[1], results[2]);
    }

    /// <summary><see cref="forward"/>, with the registered hooks before and after it.</summary>
    public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

    /// <summary>Runs packed sequences; states are in the order of the sequences that were packed.</summary>
    /// <returns>The output, packed like the input, h_n and c_n.</returns>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit.</exception>
    public (PackedSequence, Tensor, Tensor) call(PackedSequence input, (Tensor, Tensor)? h0_c0 = null)
    {
        var (output, states) = Run(input, h0_c0?.Item1, h0_c0?.Item2);
        return (output, states[0], states[1]);
    }
}
