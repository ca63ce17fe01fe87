using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

public sealed class ErrorTests
{
    private readonly Tensor m = zeros(3, 4);

    [Fact]
    public void Wrong_shapes_become_exceptions_with_libtorchs_message()
    {
        Raises("3x4 and 3x4", () => m.mm(m));
        Raises("size", () => m + zeros(3));
        Raises("invalid for input of size 12", () => m.view(5, 5));
        Raises("Sizes of tensors must match", () => cat([m, zeros(3, 5)]));
        Raises("stack expects each tensor to be equal size", () => stack([m, zeros(4, 3)]));
        Raises("shapes cannot be multiplied", () => m.addmm_(m, m));
        Raises("expand", () => m.expand(2, 3, 5));
        Raises("Dimension out of range", () => m.sum(5));
        Raises("Dimension out of range", () => m.size(2));
    }

    [Fact]
    public void Wrong_indices_become_exceptions()
    {
        Raises("out of range", () => m[3]);
        Raises("out of bounds", () => m[tensor(new[] { 7L })]);
        Raises("too many indices", () => m[0, 0, 0]);
        Raises("shape of the mask", () => m[zeros(2, 4, dtype: ScalarType.Bool)]);
        Raises("index", () => m.gather(1, tensor(new[,] { { 9L } })));
        Raises("", () => m.narrow(0, 2, 2));
    }

    [Fact]
    public void Wrong_types_become_exceptions()
    {
        Raises("Double", () => m.mm(zeros(4, 2, dtype: ScalarType.Float64)));
        Raises("floating point", () => arange(3).requires_grad_());
        Raises("can't be cast", () => arange(3).add_(0.5));
    }

    [Fact]
    public void An_error_leaves_the_library_working()
    {
        for (var i = 0; i < 100; i++)
        {
            Raises("multiplied", () => m.mm(m));
        }
        Expect.Values(ones(2) + 1, 2, 2);
    }

    [Fact]
    public void Messages_carry_no_backtrace()
    {
        var error = Assert.Throws<ExternalException>(() => m.mm(m));
        Assert.DoesNotContain("frame #", error.Message);
        Assert.DoesNotContain("Exception raised from", error.Message);
    }

    [Fact]
    public void A_disposed_tensor_refuses_every_use()
    {
        var t = zeros(2);
        t.Dispose();
        Assert.True(t.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => t.add(1));
        Assert.Throws<InvalidOperationException>(() => ones(2).add(t));
        Assert.Throws<InvalidOperationException>(() => t.shape);
        Assert.Throws<InvalidOperationException>(() => t.bytes.Length);
        Assert.Throws<InvalidOperationException>(() => t[0]);
        Assert.Throws<InvalidOperationException>(() => cat([ones(2), t]));
        Assert.Throws<InvalidOperationException>(() => t.requires_grad);
        t.Dispose();
    }

    private static void Raises(string part, Func<object> action)
    {
        var error = Assert.Throws<ExternalException>(action);
        Assert.Contains(part, error.Message);
    }
}
