using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>cuDNN copies the weights of a recurrent network at every call unless they lie in one block.</summary>
internal static class CudnnWeights
{
    // cuDNN's cudnnRNNMode_t.
    internal const long RnnRelu = 0;
    internal const long RnnTanh = 1;
    internal const long Lstm = 2;
    internal const long Gru = 3;

    /// <summary>Moves the weights, which must all be on one CUDA device, into one block; their handles stay the same.</summary>
    internal static void Flatten(long mode, RecurrentLayout layout, Tensor[] weights)
    {
        if (weights[0].device_type != DeviceType.CUDA) return;
        using var _ = no_grad();
        using var block = Op.Call1(
            "aten::_cudnn_rnn_flatten_weight", weights, layout.Bias ? 4L : 2L, layout.InputSize, mode, layout.HiddenSize, 0L,
            layout.Layers, layout.BatchFirst, layout.Bidirectional);
    }
}
