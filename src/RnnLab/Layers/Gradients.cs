using RnnLab.Kernels.Elementwise;

namespace RnnLab.Layers;

/// <summary>
/// The gradients of parameters, where TorchSharp keeps them: in <c>.grad</c>, allocated once and zeroed in place. Hand-written backward
/// passes add into it just as autograd does, so that both accumulate alike over several calls.
/// </summary>
public static class Gradients
{
    /// <summary>The gradient of <paramref name="parameter"/>, zeros at first use. The handle belongs to the caller's dispose scope.</summary>
    public static Tensor Of(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (parameter.grad is { } present)
            return present;
        using var made = zeros(parameter.shape, parameter.dtype, parameter.device);
        parameter.grad = made;
        return parameter.grad!;
    }

    /// <summary>Sets every gradient that exists to zero, in place.</summary>
    public static void Zero(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var parameter in parameters)
        {
            using var gradient = parameter.grad;
            if (gradient is null)
                continue;
            if (Fast.Applies(gradient))
                gradient.bytes.Clear();
            else
                gradient.zero_();
        }
    }

    /// <summary>gradient += aᵀ b, for a (N, O) and b (N, I): the weight of a linear map y = W x whose output gradient is a.</summary>
    internal static void AddProduct(Tensor gradient, Tensor a, Tensor b)
    {
        using var transposed = a.t();
        gradient.addmm_(transposed, b);
    }

    /// <summary>gradient += the sum of a (N, O) over its rows: the bias of a linear map whose output gradient is a.</summary>
    internal static void AddRowSum(Tensor gradient, Tensor a)
    {
        using var sum = a.sum(0L);
        gradient.add_(sum);
    }
}
