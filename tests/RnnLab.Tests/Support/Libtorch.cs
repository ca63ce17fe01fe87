using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;

namespace RnnLab.Tests.Support;

/// <summary>libtorch's own RNN, LSTM and GRU with a stack's weights, as autograd sees them.</summary>
internal static class Libtorch
{
    /// <summary>Outputs and final states of libtorch's operator, in the graph; the module that it ran.</summary>
    /// <param name="rnn">The stack.</param>
    /// <param name="x">Inputs, (T, B, I).</param>
    /// <param name="h0">Of all its layers, (layers, B, H).</param>
    /// <param name="c0">The same of c.</param>
    /// <param name="lengths">With them libtorch gets the sequences packed.</param>
    public static (Tensor Output, Tensor H, Tensor? C, nn.Module Module) Forward(RecurrentStack rnn, Tensor x, Tensor h0, Tensor? c0, SequenceLengths? lengths = null)
    {
        var (cell, levels, both, dtype, T) = (rnn.Layers[0].Cell, rnn.Levels, rnn.Directions == 2, x.dtype, x.shape[0]);
        var packed = lengths is null ? null : nn.utils.rnn.pack_padded_sequence(x, tensor(lengths.Values.ToArray()), enforce_sorted: false);
        switch (cell)
        {
            case LstmCell:
                var lstm = nn.LSTM(x.shape[^1], cell.HiddenSize, levels, bidirectional: both, dtype: dtype);
                CopyWeights(rnn, lstm);
                var (y, h, c) = packed is null ? lstm.forward(x, (h0, c0!)) : Padded(T, lstm.call(packed, (h0, c0!)));
                return (y, h, c, lstm);
            case GruCell:
                var gru = nn.GRU(x.shape[^1], cell.HiddenSize, levels, bidirectional: both, dtype: dtype);
                CopyWeights(rnn, gru);
                var (yGru, hGru) = packed is null ? gru.forward(x, h0) : Padded(T, gru.call(packed, h0));
                return (yGru, hGru, null, gru);
            default:
                var nonlinearity = ((RnnCell)cell).Nonlinearity == Nonlinearity.Tanh ? nn.NonLinearities.Tanh : nn.NonLinearities.ReLU;
                var plain = nn.RNN(x.shape[^1], cell.HiddenSize, levels, nonlinearity, bidirectional: both, dtype: dtype);
                CopyWeights(rnn, plain);
                var (yRnn, hRnn) = packed is null ? plain.forward(x, h0) : Padded(T, plain.call(packed, h0));
                return (yRnn, hRnn, null, plain);
        }
    }

    private static (Tensor, Tensor, Tensor) Padded(long T, (nn.utils.rnn.PackedSequence Output, Tensor H, Tensor C) packed)
        => (nn.utils.rnn.pad_packed_sequence(packed.Output, total_length: T).Item1, packed.H, packed.C);

    private static (Tensor, Tensor) Padded(long T, (nn.utils.rnn.PackedSequence Output, Tensor H) packed)
        => (nn.utils.rnn.pad_packed_sequence(packed.Output, total_length: T).Item1, packed.H);

    private static void CopyWeights(RecurrentStack from, nn.Module to)
    {
        using var no_grad = torch.no_grad();
        var weights = from.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (var (name, parameter) in to.named_parameters())
            parameter.copy_(weights[name]);
    }
}
