using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

/// <summary>What a custom function keeps, for how long, and on which threads its backward pass runs.</summary>
public sealed class FunctionLifetimeTests
{
    [Fact]
    public void What_a_function_keeps_lives_as_long_as_its_graph()
    {
        var (y, data, memory) = Call(recording: true);
        Collect();
        Assert.True(data.IsAlive);
        Assert.True(memory.IsAlive);
        y.Dispose();
        Collect();
        Assert.False(data.IsAlive);
        Assert.False(memory.IsAlive);
    }

    [Fact]
    public void A_function_that_is_not_recorded_keeps_nothing()
    {
        var (y, data, memory) = Call(recording: false);
        Collect();
        Assert.False(data.IsAlive);
        Assert.False(memory.IsAlive);
        Expect.Values(y, 6);
    }

    [Fact]
    public void Saved_tensors_are_freed_by_the_backward_pass()
    {
        var (y, data, memory) = Call(recording: true);
        y.sum().backward();
        Collect();
        Assert.True(data.IsAlive);
        Assert.False(memory.IsAlive);
        Expect.Values(y, 6);
    }

    [Fact]
    public void Ten_thousand_calls_leave_nothing_behind()
    {
        var kept = new List<WeakReference>();
        Run();
        Collect();
        Assert.Equal(20_000, kept.Count);
        Assert.Equal(0, kept.Count(reference => reference.IsAlive));

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Run()
        {
            for (var i = 0; i < 10_000; i++)
            {
                var (y, data, memory) = Call(recording: true);
                kept.AddRange([data, memory]);
                using (y)
                {
                    if (i % 2 == 0)
                    {
                        y.backward([ones(1, ScalarType.Float64)]);
                    }
                }
            }
        }
    }

    [Fact]
    public void Many_threads_may_run_functions_at_once()
    {
        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 200; i++)
            {
                using var scope = NewDisposeScope();
                var x = tensor(new double[] { thread, i }, requires_grad: true);
                Times.apply(x, tensor(new[] { 2.0, 3 }), new object()).sum().backward();
                Expect.Values(x.grad!, 2, 3);
            }
        });
    }

    [Fact]
    public void Backward_runs_on_the_callers_thread()
    {
        var threads = new ConcurrentBag<int>();
        Assert.Equal(16, Nested(4, threads.Add, []));
        Assert.Equal([Environment.CurrentManagedThreadId], threads.Distinct());
    }

    // libtorch carries passes nested more than 60 deep on by threads of its own.
    [Fact]
    public void Backward_may_run_on_threads_of_libtorch_where_its_tensors_go_with_it()
    {
        var (threads, made) = (new ConcurrentBag<int>(), new ConcurrentBag<(int thread, Tensor tensor)>());
        Assert.Equal(Math.Pow(2, 80), Nested(80, threads.Add, made));
        Assert.InRange(threads.Distinct().Count(), 2, 80);
        Assert.All(made, one => Assert.Equal(one.thread != Environment.CurrentManagedThreadId, one.tensor.IsInvalid));
    }

    [Fact]
    public void An_exception_on_a_thread_of_libtorch_reaches_the_caller()
    {
        var (count, here) = (0, Environment.CurrentManagedThreadId);
        var error = Assert.Throws<KeyNotFoundException>(() => Nested(
            80, thread => { if (++count == 80) throw new KeyNotFoundException($"{thread != here}"); }, []));
        Assert.Equal("True", error.Message);
    }

    /// <summary>y = 2 · 3, the value of 2 kept as a tensor over a managed array; references to the array and to data beside it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Tensor y, WeakReference data, WeakReference memory) Call(bool recording)
    {
        using var scope = NewDisposeScope();
        var (data, memory) = (new object(), new[] { 2.0 });
        var x = tensor(new[] { 3.0 }, requires_grad: recording);
        var y = Times.apply(x, from_array(memory), data);
        return (y.MoveToOuterDisposeScope(), new WeakReference(data), new WeakReference(memory));
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static double Nested(int depth, Action<int> visit, ConcurrentBag<(int, Tensor)> made)
    {
        var x = tensor(new[] { 1.0 }, requires_grad: true);
        return autograd.grad([Nest.apply(x, depth - 1, visit, made).sum()], [x])[0].item<double>();
    }

    private sealed class Times : autograd.SingleTensorFunction<Times>
    {
        public override string Name => nameof(Times);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[1]]);
            ctx.save_data("data", vars[2]);
            return (Tensor)vars[0] * (Tensor)vars[1];
        }

        public override List<Tensor?> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            Assert.NotNull(ctx.get_data("data"));
            return [grad_output * ctx.get_saved_variables()[0], null, null];
        }
    }

    /// <summary>x, with twice the gradient of the function one level less deep.</summary>
    private sealed class Nest : autograd.SingleTensorFunction<Nest>
    {
        public override string Name => nameof(Nest);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("arguments", vars);
            return (Tensor)vars[0] * 1;
        }

        public override List<Tensor?> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var arguments = (object[])ctx.get_data("arguments");
            var (depth, visit, made) = ((int)arguments[1], (Action<int>)arguments[2], (ConcurrentBag<(int, Tensor)>)arguments[3]);
            visit(Environment.CurrentManagedThreadId);
            var gradient = grad_output * 2;
            made.Add((Environment.CurrentManagedThreadId, gradient));
            if (depth == 0)
            {
                return [gradient, null, null, null];
            }
            using var _ = enable_grad();
            var x = tensor(new[] { 1.0 }, requires_grad: true);
            return [gradient.detach() * autograd.grad([apply(x, depth - 1, visit, made).sum()], [x])[0], null, null, null];
        }
    }
}
