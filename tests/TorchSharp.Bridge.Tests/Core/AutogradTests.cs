using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

public sealed class AutogradTests
{
    private static Tensor Leaf(params double[] values) => tensor(values, requires_grad: true);

    [Fact]
    public void Gradients_equal_the_closed_forms()
    {
        var x = Leaf(0.5, -1, 2);
        x.pow(3).sum().backward();
        Expect.Close(x.grad!, 1e-14, 0.75, 3, 12);

        var y = Leaf(0.3, -0.7);
        y.tanh().sum().backward();
        Expect.Close(y.grad!, 1e-15, 1 - Math.Pow(Math.Tanh(0.3), 2), 1 - Math.Pow(Math.Tanh(-0.7), 2));

        var w = tensor(new double[,] { { 1, 2 }, { 3, 4 } }, requires_grad: true);
        var v = tensor(new double[,] { { 5 }, { 6 } });
        w.mm(v).sum().backward();
        Expect.Values(w.grad!, 5, 6, 5, 6);
    }

    [Fact]
    public void Backward_accumulates_into_grad()
    {
        var x = Leaf(1, 2);
        Assert.Null(x.grad);
        (x * 3).sum().backward();
        (x * 4).sum().backward();
        Expect.Values(x.grad!, 7, 7);
        x.grad = null;
        Assert.Null(x.grad);
        x.grad = tensor(new[] { 1.0, 1.0 });
        (x * 2).sum().backward();
        Expect.Values(x.grad!, 3, 3);
    }

    [Fact]
    public void Grad_readings_share_memory()
    {
        var x = Leaf(1, 2);
        x.sum().backward();
        using (var g = x.grad!)
        {
            g.mul_(5);
        }
        Expect.Values(x.grad!, 5, 5);
    }

    [Fact]
    public void Backward_takes_the_gradient_of_the_output()
    {
        var x = Leaf(1, 2);
        x.square().backward([tensor(new[] { 10.0, 100.0 })]);
        Expect.Values(x.grad!, 20, 400);
    }

    [Fact]
    public void Grad_returns_without_accumulating()
    {
        var x = Leaf(2);
        var y = Leaf(3);
        var g = autograd.grad([x * x * y], [x, y]);
        Expect.Values(g[0], 12);
        Expect.Values(g[1], 4);
        Assert.Null(x.grad);
    }

    [Fact]
    public void Second_derivatives_come_from_a_kept_graph()
    {
        var x = Leaf(2);
        var first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        Expect.Values(first, 12);
        Expect.Values(autograd.grad([first], [x])[0], 12);
    }

    [Fact]
    public void An_unused_input_is_an_error_unless_allowed()
    {
        var x = Leaf(2);
        var y = Leaf(3);
        Assert.Throws<ExternalException>(() => autograd.grad([x * 2], [y]));
        var g = autograd.grad([x * 2], [x, y], allow_unused: true);
        Expect.Values(g[0], 2);
        Assert.True(g[1].IsInvalid);
    }

    [Fact]
    public void A_graph_can_be_used_once_unless_retained()
    {
        var x = Leaf(2);
        var loss = (x * x).sum();
        loss.backward(retain_graph: true);
        loss.backward();
        Expect.Values(x.grad!, 8);
        var error = Assert.Throws<ExternalException>(() => loss.backward());
        Assert.Contains("second time", error.Message);
    }

    [Fact]
    public void No_grad_records_nothing_and_ends_with_its_scope()
    {
        var x = Leaf(2);
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
            {
                Assert.True((x * 2).requires_grad);
            }
            Assert.False(is_grad_enabled());
        }
        Assert.True((x * 2).requires_grad);
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }
        Assert.False(is_inference_mode_enabled());
        using (set_grad_enabled(false))
        {
            Assert.False((x * 2).requires_grad);
        }
    }

    [Fact]
    public void Leaves_and_results_are_told_apart()
    {
        var x = Leaf(2);
        var y = x * 2;
        Assert.True(x.is_leaf);
        Assert.False(y.is_leaf);
        Assert.False(y.detach().requires_grad);
        y.retain_grad();
        y.square().sum().backward();
        Expect.Values(y.grad!, 8);
        Assert.Throws<ExternalException>(() => x.add_(1));
    }

    [Fact]
    public void Views_and_indices_carry_gradients()
    {
        var x = Leaf(1, 2, 3, 4);
        (x.view(2, 2)[1] * tensor(new[] { 10.0, 20.0 })).sum().backward();
        Expect.Values(x.grad!, 0, 0, 10, 20);
        var y = Leaf(1, 2, 3);
        y[tensor(new[] { 2L, 2L })].sum().backward();
        Expect.Values(y.grad!, 0, 0, 2);
    }

    [Fact]
    public void Tensors_may_be_disposed_before_backward()
    {
        var x = Leaf(3);
        Tensor loss;
        using (var scope = NewDisposeScope())
        {
            loss = (x * x * x).sum().MoveToOuterDisposeScope();
        }
        loss.backward();
        Expect.Values(x.grad!, 27);
    }
}
