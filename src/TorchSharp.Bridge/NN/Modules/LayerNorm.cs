using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>(x − mean) / √(variance + eps) · weight + bias, over the last dimensions (normalized_shape).</summary>
public sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(LayerNorm))
    {
        this.normalized_shape = normalized_shape;
        this.eps = eps;
        this.elementwise_affine = elementwise_affine;
        if (!elementwise_affine) return;

        weight = new Parameter(empty(normalized_shape, dtype, device));
        if (bias) this.bias = new Parameter(empty(normalized_shape, dtype, device));
        reset_parameters();
    }

    public long[] normalized_shape { get; set; }

    public double eps { get; set; }

    public bool elementwise_affine { get; set; }

    public Parameter weight
    {
        get => _weight!;
        set => ParameterSlot.Assign(ref _weight, value, this, nameof(weight));
    }

    public Parameter? bias
    {
        get => _bias;
        set => ParameterSlot.Assign(ref _bias, value, this, nameof(bias));
    }

    public void reset_parameters()
    {
        if (_weight is not null) init.ones_(_weight);
        if (_bias is not null) init.zeros_(_bias);
    }

    public override Tensor forward(Tensor tensor) => functional.layer_norm(tensor, normalized_shape, _weight, _bias, eps);
}
