using RnnLab.Kernels.Dense;
using RnnLab.Kernels.Elementwise;
using RnnLab.Randomness;

namespace RnnLab.Layers;

/// <summary>y = W x + b for rows: x (N, I), W (O, I), b (O), y (N, O). Adjoint: dx = dy W, dW = dyᵀ x, db = Σ dy over rows.</summary>
public sealed class Linear : PlacedModule
{
    private const int FewestRows = 16;

    /// <summary>A new layer, U(−r, r) with r = 1/√I as in PyTorch, or as given.</summary>
    /// <param name="inputSize">I.</param>
    /// <param name="outputSize">O.</param>
    /// <param name="seed">The experiment's seed; the streams are init/{name}.weight and init/{name}.bias.</param>
    /// <param name="name">The module's name in its parent.</param>
    /// <param name="range">r, or null for PyTorch's.</param>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="device">Where the parameters live.</param>
    public Linear(long inputSize, long outputSize, ulong seed, string name = "linear", double? range = null,
        ScalarType dtype = ScalarType.Float32, Device? device = null) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputSize);
        var r = range ?? 1 / Math.Sqrt(inputSize);
        Weight = Draw(seed, $"{name}.weight", r, [outputSize, inputSize], dtype, device);
        Bias = Draw(seed, $"{name}.bias", r, [outputSize], dtype, device);
        register_parameter("weight", Weight);
        register_parameter("bias", Bias);
    }

    /// <summary>A layer whose weight is another module's, and stays that one's parameter (tied weights); the bias is its own, drawn as above.</summary>
    /// <param name="weight">W, (O, I).</param>
    /// <param name="seed">The experiment's seed; the stream is init/{name}.bias.</param>
    /// <param name="name">The module's name in its parent.</param>
    /// <param name="range">r, or null for PyTorch's.</param>
    public Linear(Parameter weight, ulong seed, string name = "linear", double? range = null) : base(name)
    {
        ArgumentNullException.ThrowIfNull(weight);
        Weight = weight;
        Bias = Draw(seed, $"{name}.bias", range ?? 1 / Math.Sqrt(weight.shape[1]), [weight.shape[0]], weight.dtype, weight.device);
        register_parameter("bias", Bias);
    }

    /// <summary>W, (O, I).</summary>
    public Parameter Weight { get; }

    /// <summary>b, (O).</summary>
    public Parameter Bias { get; }

    /// <summary>y (N, O) from x (N, I).</summary>
    /// <exception cref="ArgumentException">x has not I columns.</exception>
    public Tensor Forward(Tensor x)
    {
        Check.Columns(x, Weight.shape[1], nameof(x));
        using var no_grad = torch.no_grad();
        if (TakesPasses(x))
            return DensePasses.For(x.dtype).Forward(x, Weight, Bias);
        using var transposed = Weight.t();
        return Bias.addmm(x, transposed);
    }

    /// <summary>Adds dW and db, and returns dx (N, I); x is the forward's input, dy (N, O) the gradient of its output.</summary>
    public Tensor Backward(Tensor x, Tensor dy)
    {
        Check.Columns(dy, Weight.shape[0], nameof(dy));
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var (dWeight, dBias) = (Gradients.Of(Weight), Gradients.Of(Bias));
        if (TakesPasses(x) && Fast.Applies(dy) && Fast.Applies(dWeight) && Fast.Applies(dBias) && dy.dtype == x.dtype)
            return DensePasses.For(x.dtype).Backward(x, Weight, dy, dWeight, dBias).MoveToOuterDisposeScope();
        Gradients.AddProduct(dWeight, dy, x);
        Gradients.AddRowSum(dBias, dy);
        return dy.mm(Weight).MoveToOuterDisposeScope();
    }

    /// <summary>Whether the passes over memory serve: they pack the weight first, which few rows do not repay.</summary>
    private bool TakesPasses(Tensor x)
        => x.shape[0] >= FewestRows && x.dtype == Weight.dtype && Fast.Applies(x) && Fast.Applies(Weight) && Fast.Applies(Bias);

    private static Parameter Draw(ulong seed, string stream, double r, long[] shape, ScalarType dtype, Device? device)
    {
        using var scope = NewDisposeScope();
        var values = new RandomStream(seed, $"init/{stream}").Uniform(shape, -r, r);
        return new Parameter(values.to(dtype).to(device ?? CPU).DetachFromDisposeScope());
    }
}
