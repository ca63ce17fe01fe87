using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules;

/// <summary>y = x Wᵀ + b; weight (out, in), bias (out), both initially U(−1/√in, 1/√in).</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
    {
        (out_features, in_features) = (weight.shape[0], weight.shape[1]);
        this.weight = weight;
        if (bias is not null) this.bias = bias;
    }

    internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
    {
        (in_features, out_features) = (inputSize, outputSize);
        weight = new Parameter(empty(outputSize, inputSize, dtype, device));
        init.kaiming_uniform_(weight, a: Math.Sqrt(5));
        if (!hasBias) return;

        bias = new Parameter(empty(outputSize, dtype, device));
        var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
        init.uniform_(bias, -bound, bound);
    }

    public long in_features { get; set; }

    public long out_features { get; set; }

    /// <summary>Assigning frees the old weight.</summary>
    public Parameter weight
    {
        get => _weight!;
        set => ParameterSlot.Assign(ref _weight, value, this, nameof(weight));
    }

    /// <summary>Null where there is none; assigning frees the old bias.</summary>
    public Parameter? bias
    {
        get => _bias;
        set => ParameterSlot.Assign(ref _bias, value, this, nameof(bias));
    }

    public override Tensor forward(Tensor tensor) => functional.linear(tensor, _weight!, _bias);
}
