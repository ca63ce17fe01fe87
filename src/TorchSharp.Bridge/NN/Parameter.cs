using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// A tensor that a module trains. It takes over the native tensor of <c>data</c>, which is unusable afterwards, and its place in a
/// dispose scope.
/// </summary>
public class Parameter : Tensor
{
    public Parameter(Tensor data, bool requires_grad = true)
        : base(data.with_requires_grad(requires_grad).DecoupleFromNativeHandle(), register: false) =>
        DisposeScope.ReplaceWith(data, this);
}
