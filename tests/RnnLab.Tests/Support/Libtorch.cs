using RnnLab.Cells;
using RnnLab.Recurrence;

namespace RnnLab.Tests.Support;

/// <summary>libtorch's own RNN, LSTM and GRU with a stack's weights, as autograd sees them.</summary>
internal static class Libtorch
{
    /// <summary>Outputs and final states of libtorch's operator, in the graph; the module that it ran.</summary>
    public static (Tensor Output, Tensor H, Tensor? C, nn.Module Module) Forward(RecurrentStack rnn, Tensor x, Tensor h0, Tensor? c0)
    {
        var (cell, layers, dtype) = (rnn.Layers[0].Cell, rnn.Layers.Count, x.dtype);
        switch (cell)
        {
            case LstmCell:
                var lstm = nn.LSTM(x.shape[^1], cell.HiddenSize, layers, dtype: dtype);
                CopyWeights(rnn, lstm);
                var (y, h, c) = lstm.forward(x, (h0, c0!));
                return (y, h, c, lstm);
            case GruCell:
                var gru = nn.GRU(x.shape[^1], cell.HiddenSize, layers, dtype: dtype);
                CopyWeights(rnn, gru);
                var (yGru, hGru) = gru.forward(x, h0);
                return (yGru, hGru, null, gru);
            default:
                var nonlinearity = ((RnnCell)cell).Nonlinearity == Nonlinearity.Tanh ? nn.NonLinearities.Tanh : nn.NonLinearities.ReLU;
                var plain = nn.RNN(x.shape[^1], cell.HiddenSize, layers, nonlinearity, dtype: dtype);
                CopyWeights(rnn, plain);
                var (yRnn, hRnn) = plain.forward(x, h0);
                return (yRnn, hRnn, null, plain);
        }
    }

    private static void CopyWeights(RecurrentStack from, nn.Module to)
    {
        using var no_grad = torch.no_grad();
        var weights = from.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (var (name, parameter) in to.named_parameters())
            parameter.copy_(weights[name]);
    }
}
