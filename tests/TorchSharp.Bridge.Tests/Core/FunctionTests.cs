using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

/// <summary>Functions with a hand-written backward pass.</summary>
public sealed class FunctionTests
{
    private static Tensor Leaf(params double[] values) => tensor(values, requires_grad: true);

    [Fact]
    public void A_function_of_one_output_equals_autograd()
    {
        var (x, y) = (Leaf(0.5, -1, 2), Leaf(0.5, -1, 2));
        var weights = tensor(new[] { 3.0, 5, 7 });
        var own = Exponential.apply(x);
        var theirs = y.exp();
        Assert.True(own.requires_grad);
        Assert.False(own.is_leaf);
        Expect.Values(own, theirs.data<double>().ToArray());
        (own * weights).sum().backward();
        (theirs * weights).sum().backward();
        Expect.Values(x.grad!, y.grad!.data<double>().ToArray());
    }

    [Fact]
    public void A_function_of_two_inputs_and_two_outputs_equals_autograd()
    {
        var (a, b) = (Leaf(0.5, -1, 2), Leaf(1.5, 0.25, -0.75));
        var own = Rotation.apply(a, 0.3, b);
        own[0].square().sum().add(own[1].tanh().sum()).backward();
        var found = new[] { a.grad!.clone(), b.grad!.clone() };

        var (cos, sin) = (Math.Cos(0.3), Math.Sin(0.3));
        var expected = autograd.grad([(a * cos - b * sin).square().sum() + (a * sin + b * cos).tanh().sum()], [a, b]);
        Expect.Close(found[0], 1e-15, expected[0].data<double>().ToArray());
        Expect.Close(found[1], 1e-15, expected[1].data<double>().ToArray());
    }

    [Fact]
    public void A_function_may_occur_several_times_in_a_graph()
    {
        var x = Leaf(0.2);
        var same = Rotation.apply(x, Math.PI / 2, x);
        Exponential.apply(Exponential.apply(same[1])).sum().backward();
        // The rotation by a right angle gives (−x, x); exp(exp x) has the derivative exp(exp x) exp x.
        Expect.Close(x.grad!, 1e-14, Math.Exp(Math.Exp(0.2)) * Math.Exp(0.2));
    }

    [Fact]
    public void A_null_gradient_leaves_its_input_alone()
    {
        var (x, y) = (Leaf(1, 2), Leaf(3, 4));
        Scaled.apply(x, y, null!).sum().backward();
        Expect.Values(x.grad!, 3, 4);
        Assert.Null(y.grad);
    }

    [Fact]
    public void The_gradient_of_an_output_without_part_in_the_loss_is_zeros_or_absent()
    {
        var x = Leaf(1, 2);
        Probe.apply(x, true, out var seen)[0].sum().backward();
        Expect.Values(seen[0], 1, 1);
        Expect.Values(seen[1], 0, 0);
        Probe.apply(x, false, out seen)[0].sum().backward();
        Assert.True(seen[1].IsInvalid);
    }

    [Fact]
    public void Without_a_gradient_to_record_the_output_has_none()
    {
        var plain = tensor(new[] { 1.0 });
        Assert.False(Exponential.apply(plain).requires_grad);
        using (no_grad())
        {
            Assert.False(Exponential.apply(Leaf(1)).requires_grad);
        }
        using (inference_mode())
        {
            Assert.False(Exponential.apply(Leaf(1)).requires_grad);
        }
        Assert.True(Exponential.apply(Leaf(1)).requires_grad);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Forward_runs_without_recording()
    {
        var recording = new List<bool>();
        Observed.apply(Leaf(1), (Action)(() => recording.Add(is_grad_enabled())), (Action)(() => { }));
        Assert.Equal([false], recording);
    }

    [Fact]
    public void An_exception_of_forward_reaches_the_caller()
    {
        var error = Assert.Throws<KeyNotFoundException>(() =>
            Observed.apply(Leaf(1), (Action)(() => throw new KeyNotFoundException("no such key")), (Action)(() => { })));
        Assert.Equal("no such key", error.Message);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void An_exception_of_backward_reaches_the_caller_with_type_and_message()
    {
        var x = Leaf(1);
        for (var i = 0; i < 100; i++)
        {
            var y = Observed.apply(x, (Action)(() => { }), (Action)(() => throw new KeyNotFoundException("no such key")));
            var error = Assert.Throws<KeyNotFoundException>(() => y.sum().backward());
            Assert.Equal("no such key", error.Message);
            Assert.Throws<KeyNotFoundException>(() => autograd.grad([y.sum()], [x]));
        }
        Assert.Null(x.grad);
        Assert.Throws<ExternalException>(() => ones(2, 3).mm(ones(2, 3)));
        Exponential.apply(x).sum().backward();
        Expect.Close(x.grad!, 1e-15, Math.E);
    }

    [Fact]
    public void An_error_of_libtorch_in_backward_keeps_its_message()
    {
        var y = Observed.apply(Leaf(1), (Action)(() => { }), (Action)(() => ones(2, 3).mm(ones(2, 3))));
        Assert.Contains("multiplied", Assert.Throws<ExternalException>(() => y.sum().backward()).Message);
    }

    [Fact]
    public void Wrong_gradients_and_outputs_are_named()
    {
        var x = Leaf(1, 2);
        Raises("Answer returned an incorrect number of gradients (expected 2, got 1)", () => Answer.apply(x, Given(x)));
        Raises("Answer returned an incorrect number of gradients (expected 2, got 3)", () => Answer.apply(x, Given(x, null, x)));
        Raises("gradient at position 2, but the argument there was not a tensor", () => Answer.apply(x, Given(x, x)));
        Raises("Answer returned null", () => Answer.apply(x, null!));
        Raises("Answer did not return a tensor", () => Answer.apply(null!, Given(x)));
        var error = Assert.Throws<ExternalException>(() => Answer.apply(x, Given(ones(3), null)).sum().backward());
        Assert.Contains("got [3] but expected shape compatible with [2]", error.Message);

        Answer.apply(x, Given(ones(2, dtype: ScalarType.Float64), null, null, null)).sum().backward();
        Expect.Values(x.grad!, 1, 1);

        static List<Tensor?> Given(params Tensor?[] gradients) => [.. gradients];
        static void Raises(string part, Func<Tensor> make) =>
            Assert.Contains(part, Assert.Throws<InvalidOperationException>(() => make().sum().backward()).Message);
    }

    [Fact]
    public void A_graph_can_be_used_once_unless_retained()
    {
        var x = Leaf(0);
        var loss = Exponential.apply(x).sum();
        loss.backward(retain_graph: true);
        loss.backward();
        Expect.Values(x.grad!, 2);
        Assert.Contains("second time", Assert.Throws<ExternalException>(() => loss.backward()).Message);
    }

    [Fact]
    public void A_saved_tensor_that_was_changed_is_an_error()
    {
        var x = Leaf(1);
        var y = Exponential.apply(x);
        var loss = y.sum();
        using (no_grad())
        {
            y.add_(1);
        }
        Assert.Contains("modified by an inplace operation", Assert.Throws<ExternalException>(() => loss.backward()).Message);
    }

    [Fact]
    public void An_input_may_be_changed_in_place_and_an_output_be_constant()
    {
        var x = Leaf(1, -2, 3);
        var y = x * 2;
        var outputs = RectifyInPlace.apply(y);
        Expect.Values(y, 2, 0, 6);
        Expect.Values(outputs[1], 1, 0, 1);
        Assert.False(outputs[1].requires_grad);
        (outputs[0] * tensor(new[] { 10.0, 100, 1000 })).sum().backward();
        Expect.Values(x.grad!, 20, 0, 2000);
        Assert.Contains("leaf", Assert.Throws<ExternalException>(() => RectifyInPlace.apply(Leaf(1))).Message);
    }

    [Fact]
    public void Second_derivatives_come_from_the_operations_of_backward()
    {
        var x = Leaf(0.5);
        var first = autograd.grad([Exponential.apply(x).sum()], [x], retain_graph: true, create_graph: true)[0];
        Expect.Close(autograd.grad([first.sum()], [x])[0], 1e-15, Math.Exp(0.5));
    }

    [Fact]
    public void Saved_tensors_are_read_in_backward_alone()
    {
        autograd.AutogradContext? kept = null;
        var x = Leaf(1);
        Keeping.apply(x, (Action<autograd.AutogradContext>)(context => kept = context)).sum().backward();
        Assert.Contains("while backward runs", Assert.Throws<InvalidOperationException>(() => kept!.get_saved_variables()).Message);
        Assert.Equal("value", kept!.get_data("key"));
        Assert.Null(kept.get_data("another"));
    }

    private sealed class Exponential : autograd.SingleTensorFunction<Exponential>
    {
        public override string Name => nameof(Exponential);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var y = ((Tensor)vars[0]).exp();
            ctx.save_for_backward([y]);
            return y;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * ctx.get_saved_variables()[0]];
    }

    /// <summary>(a cos φ − b sin φ, a sin φ + b cos φ) of the arguments a, φ, b.</summary>
    private sealed class Rotation : autograd.MultiTensorFunction<Rotation>
    {
        public override string Name => nameof(Rotation);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (a, angle, b) = ((Tensor)vars[0], (double)vars[1], (Tensor)vars[2]);
            ctx.save_data("angle", angle);
            return [a * Math.Cos(angle) - b * Math.Sin(angle), a * Math.Sin(angle) + b * Math.Cos(angle)];
        }

        public override List<Tensor?> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var (dx, dy, angle) = (grad_outputs[0], grad_outputs[1], (double)ctx.get_data("angle"));
            return [dx * Math.Cos(angle) + dy * Math.Sin(angle), null, dy * Math.Cos(angle) - dx * Math.Sin(angle)];
        }
    }

    /// <summary>x y, of which only x gets a gradient; the third argument, which may be null, is saved too.</summary>
    private sealed class Scaled : autograd.SingleTensorFunction<Scaled>
    {
        public override string Name => nameof(Scaled);

        public override Tensor forward(autograd.AutogradContext ctx, params object?[] vars)
        {
            var (x, y) = ((Tensor)vars[0]!, (Tensor)vars[1]!);
            ctx.save_for_backward([(Tensor?)vars[2], y]);
            return x * y;
        }

        public override List<Tensor?> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            Assert.Null(saved[0]);
            return [grad_output * saved[1], null, null];
        }
    }

    /// <summary>(x, 2 x), noting the gradients of the outputs.</summary>
    private sealed class Probe : autograd.MultiTensorFunction<Probe>
    {
        public override string Name => nameof(Probe);

        internal static List<Tensor> apply(Tensor x, bool materialize, out List<Tensor> seen) => apply(x, materialize, seen = []);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.set_materialize_grads((bool)vars[1]);
            ctx.save_data("seen", vars[2]);
            return [(Tensor)vars[0] * 1, (Tensor)vars[0] * 2];
        }

        public override List<Tensor?> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            ((List<Tensor>)ctx.get_data("seen")).AddRange(grad_outputs);
            return [null, null, null];
        }
    }

    /// <summary>x, with an action in each pass.</summary>
    private sealed class Observed : autograd.SingleTensorFunction<Observed>
    {
        public override string Name => nameof(Observed);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ((Action)vars[1])();
            ctx.save_data("action", vars[2]);
            return (Tensor)vars[0];
        }

        public override List<Tensor?> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            ((Action)ctx.get_data("action"))();
            return [grad_output, null, null];
        }
    }

    /// <summary>The first argument, with the second as the gradients.</summary>
    private sealed class Answer : autograd.SingleTensorFunction<Answer>
    {
        public override string Name => nameof(Answer);

        public override Tensor forward(autograd.AutogradContext ctx, params object?[] vars)
        {
            ctx.save_data("gradients", vars[1]);
            return vars[0] is Tensor x ? x * 1 : null!;
        }

        public override List<Tensor?> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            (List<Tensor?>)ctx.get_data("gradients");
    }

    private sealed class RectifyInPlace : autograd.MultiTensorFunction<RectifyInPlace>
    {
        public override string Name => nameof(RectifyInPlace);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            var mask = x.gt(0).@double();
            x.mul_(mask);
            ctx.mark_dirty([x]);
            ctx.mark_non_differentiable([mask]);
            ctx.save_for_backward([mask]);
            return [x, mask];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) =>
            [grad_outputs[0] * ctx.get_saved_variables()[0]];
    }

    /// <summary>x, handing its context out.</summary>
    private sealed class Keeping : autograd.SingleTensorFunction<Keeping>
    {
        public override string Name => nameof(Keeping);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ((Action<autograd.AutogradContext>)vars[1])(ctx);
            ctx.save_for_backward([(Tensor)vars[0]]);
            ctx.save_data("key", "value");
            return (Tensor)vars[0] * 1;
        }

        public override List<Tensor?> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * ctx.get_saved_variables().Count, null];
    }
}
