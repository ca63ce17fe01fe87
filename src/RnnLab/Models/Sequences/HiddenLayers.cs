using RnnLab.Cells;
using RnnLab.Layers;

namespace RnnLab.Models;

/// <summary>
/// Feedforward layers for rows: h_k = φ(W_k h_{k-1} + b_k), h_0 = x (N, I), h_L (N, H). Adjoint: ∂z_k = ∂h_k ⊙ φ'(z_k), and that of each <see cref="Linear"/>.
/// Parameters: 0.weight (H, I), 0.bias (H), 1.weight (H, H) …, as in PyTorch's Sequential.
/// </summary>
public sealed class HiddenLayers : PlacedModule
{
    private readonly Linear[] _layers;

    /// <summary>New layers, each as PyTorch's Linear starts.</summary>
    /// <param name="inputSize">I.</param>
    /// <param name="hiddenSize">H.</param>
    /// <param name="numLayers">L, at least 1.</param>
    /// <param name="nonlinearity">φ.</param>
    /// <param name="seed">The experiment's seed; the streams are init/hidden.{k}.weight and init/hidden.{k}.bias.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="device">Where the parameters live.</param>
    public HiddenLayers(
        long inputSize, long hiddenSize, int numLayers, Nonlinearity nonlinearity, ulong seed, ScalarType dtype = ScalarType.Float32, Device? device = null)
        : base("hidden")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numLayers);
        Nonlinearity = nonlinearity;
        _layers =
            [.. Enumerable.Range(0, numLayers).Select(k => new Linear(k == 0 ? inputSize : hiddenSize, hiddenSize, seed, $"hidden.{k}", dtype: dtype, device: device))];
        for (var k = 0; k < numLayers; k++)
            register_module($"{k}", _layers[k]);
    }

    /// <summary>φ.</summary>
    public Nonlinearity Nonlinearity { get; }

    /// <summary>The linear maps, from the lowest up.</summary>
    public IReadOnlyList<Linear> Layers => _layers;

    /// <summary>I.</summary>
    public long InputSize => _layers[0].Weight.shape[1];

    /// <summary>H.</summary>
    public long HiddenSize => _layers[0].Weight.shape[0];

    /// <summary>h_0, h_1 … h_L of x (N, I).</summary>
    public IReadOnlyList<Tensor> Forward(Tensor x)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var h = new Tensor[_layers.Length + 1];
        h[0] = x.alias();
        for (var k = 0; k < _layers.Length; k++)
            h[k + 1] = Nonlinearity.Of(_layers[k].Forward(h[k]));
        return [.. h.Select(rows => rows.MoveToOuterDisposeScope())];
    }

    /// <summary>Adds the gradients of all parameters, and gives ∂L/∂x (N, I).</summary>
    /// <param name="h">What the forward gave.</param>
    /// <param name="dh">∂L/∂h_L, (N, H).</param>
    public Tensor Backward(IReadOnlyList<Tensor> h, Tensor dh)
    {
        ArgumentNullException.ThrowIfNull(h);
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        for (var k = _layers.Length; k-- > 0;)
            dh = _layers[k].Backward(h[k], Nonlinearity.Adjoint(dh, h[k + 1]));
        return dh.MoveToOuterDisposeScope();
    }
}
