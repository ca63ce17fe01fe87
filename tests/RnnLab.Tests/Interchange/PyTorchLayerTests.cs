using RnnLab.Analysis;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Interchange;

/// <summary>RnnLab's layers with PyTorch's weights against what PyTorch 1.13.1 made of them, float64; Fixtures/pytorch_layers.py made the files.</summary>
public sealed class PyTorchLayerTests
{
    public static TheoryData<string, Kernel> Layers => Each.Of(
        ["rnn_tanh", "gru", "lstm", "lstm_projected", "lstm_bidirectional", "gru_bidirectional", "lstm_packed"], [Kernel.Fast, Kernel.Reference]);

    [Theory]
    [MemberData(nameof(Layers))]
    public void Pytorchs_weights_give_pytorchs_outputs_states_and_gradients(string name, Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var layer = PyTorchLayer.Committed(name);
        Same.Within(Difference.Libtorch64, layer.Expected, layer.ByHand(kernel));
    }
}
