using RnnLab.Layers;
using RnnLab.Randomness;

namespace RnnLab.Models;

/// <summary>
/// h~ = tanh(W_c [c; h]) of a context and a decoder's output (Luong, Pham and Manning 2015), for rows u = [c; h] (…, M + O), without a bias; h~ is as wide as h.
/// Adjoint: da = dh~ ⊙ (1 − h~²), du = da W_c, dW_c = daᵀ u.
/// </summary>
internal sealed class Combine : PlacedModule
{
    /// <summary>A new one, U(−r, r) with r = 1/√(M + O), or as given; the stream is init/combine.weight.</summary>
    public Combine(long contextSize, long outputSize, ulong seed, double? range, ScalarType dtype, Device device) : base("combine")
    {
        using var scope = NewDisposeScope();
        var columns = contextSize + outputSize;
        var r = range ?? 1 / Math.Sqrt(columns);
        Weight = new Parameter(new RandomStream(seed, "init/combine.weight").Uniform([outputSize, columns], -r, r).to(dtype).to(device).DetachFromDisposeScope());
        register_parameter("weight", Weight);
    }

    /// <summary>W_c, (O, M + O).</summary>
    public Parameter Weight { get; }

    /// <summary>h~ (…, O) of u (…, M + O).</summary>
    public Tensor Forward(Tensor u)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        return Rows(u).mm(Weight.t()).tanh_().view([.. u.shape[..^1], -1]).MoveToOuterDisposeScope();
    }

    /// <summary>da and du from h~ and dh~; da goes to <see cref="AddGradient"/>.</summary>
    public (Tensor Da, Tensor Du) Backward(Tensor combined, Tensor dCombined)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        var da = dCombined.addcmul(dCombined * combined, combined, -1);
        var du = Rows(da).mm(Weight).view([.. da.shape[..^1], -1]);
        return (da.MoveToOuterDisposeScope(), du.MoveToOuterDisposeScope());
    }

    /// <summary>Adds dW_c of all rows of u and da.</summary>
    public void AddGradient(Tensor u, Tensor da)
    {
        using var no_grad = torch.no_grad();
        using var scope = NewDisposeScope();
        Gradients.AddProduct(Gradients.Of(Weight), Rows(da), Rows(u));
    }

    private static Tensor Rows(Tensor x) => x.reshape(-1, x.shape[^1]);
}
