using RnnLab.Cells;
using static TorchSharp.torch.nn.utils.rnn;

namespace RnnLab.Modules;

/// <summary>Any cell whose state is h alone as a TorchSharp module, with the signatures of TorchSharp's GRU; see <see cref="RecurrentModule{TState, TResult}"/>.</summary>
public class HiddenStateModule : RecurrentModule<Tensor?, (Tensor, Tensor)>
{
    /// <inheritdoc cref="CellStateModule(Func{Cell}, long, long, bool, bool, double, bool, Device, ScalarType?, RecurrentModuleOptions)"/>
    public HiddenStateModule(
        Func<Cell> cell, long inputSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null,
        ScalarType? dtype = null, RecurrentModuleOptions? options = null)
        : this(nameof(HiddenStateModule), new(cell, inputSize, numLayers, bias, dropout, bidirectional, options), batchFirst, device, dtype)
    {
    }

    private protected HiddenStateModule(string name, ModuleForm form, bool batchFirst, Device? device, ScalarType? dtype)
        : base(name, form, hasCellState: false, batchFirst, device, dtype)
    {
    }

    /// <summary>Runs sequences.</summary>
    /// <param name="input">(T, B, I), with batch_first (B, T, I), or (T, I).</param>
    /// <param name="h0">h_0 (layers·D, B, O); zeros unless it is given.</param>
    /// <returns>The output (T, B, D·O) and h_n.</returns>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit.</exception>
    public override (Tensor, Tensor) forward(Tensor input, Tensor? h0 = null)
    {
        var results = Run(input, h0, c0: null);
        return (results[0], results[1]);
    }

    /// <summary><see cref="forward"/>, with the registered hooks before and after it.</summary>
    public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

    /// <summary>Runs packed sequences; states are in the order of the sequences that were packed.</summary>
    /// <returns>The output, packed like the input, and h_n.</returns>
    /// <exception cref="ArgumentException">A shape, dtype or device does not fit.</exception>
    public (PackedSequence, Tensor) call(PackedSequence input, Tensor? h0 = null)
    {
        var (output, states) = Run(input, h0, c0: null);
        return (output, states[0]);
    }
}
