using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static RNN RNN(
            long inputSize, long hiddenSize, long numLayers = 1, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true,
            bool batchFirst = false, double dropout = 0.0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
            Module.Place(
                new RNN(new RecurrentLayout(1, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), nonLinearity),
                device, dtype);

        public static LSTM LSTM(
            long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0,
            bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
            Module.Place(
                new LSTM(new RecurrentLayout(4, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional)),
                device, dtype);

        public static GRU GRU(
            long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0.0,
            bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
            Module.Place(
                new GRU(new RecurrentLayout(3, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional)),
                device, dtype);
    }
}
