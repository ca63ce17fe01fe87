using RnnLab.Tests.Support;
using RnnLab.Training;
using RnnLab.Training.Optimizers;

namespace RnnLab.Tests.Training;

/// <summary>The optimisers' pass over memory against their tensor operations, which a parameter that is not contiguous takes.</summary>
public sealed class OptimizerPassTests
{
    private const int Steps = 6;

    private static readonly int[] Sizes = [1, 3, 7, 8, 31, 33, 100, 1000];

    private static readonly GradientClip[] Clips = [GradientClip.None, new(0.37), new(1, 0.4), new(0.37, 0.4)];

    public static TheoryData<string> Names => [.. OptimizerCase.All.Select(c => c.Name)];

    // A handful of roundings a step, and no cancellation that would magnify them.
    [Theory]
    [MemberData(nameof(Names))]
    public void One_pass_equals_the_tensor_operations_at_every_size_and_clip(string name)
    {
        foreach (var (dtype, bound) in new[] { (ScalarType.Float32, 1e-6), (ScalarType.Float64, 1e-14) })
            foreach (var n in Sizes)
                foreach (var clip in Clips)
                {
                    using var scope = NewDisposeScope();
                    Same.Within(bound, After(name, Strided(n, dtype), clip, n), After(name, Contiguous(n, dtype), clip, n));
                }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gradient_that_is_not_contiguous_is_read_right(string name)
    {
        using var scope = NewDisposeScope();
        var (p, q) = (Contiguous(33, ScalarType.Float64), Contiguous(33, ScalarType.Float64));
        p.grad = Gradient(0, 33).as_strided([33], [1]);
        q.grad = stack([Gradient(0, 33), zeros(33, ScalarType.Float64)], 1).select(1, 0);
        Assert.False(q.grad!.is_contiguous());
        Step(name, p);
        Step(name, q);
        Same.Within(1e-14, q.detach(), p.detach());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_that_clips_equals_clipping_in_place_and_leaves_the_gradient_alone(string name)
    {
        using var scope = NewDisposeScope();
        var clipping = new GradientClipping(MaxNorm: 0.7, MaxValue: 0.5);
        var (p, q) = (Contiguous(100, ScalarType.Float32), Contiguous(100, ScalarType.Float32));
        p.grad = Gradient(0, 100).to(ScalarType.Float32);
        q.grad = p.grad!.clone();

        var (norm, clip) = clipping.Measure([p]);
        using var onTheWay = OptimizerCase.Named(name).Mine([("p", p)]);
        onTheWay.Step(clip);
        Assert.Equal(norm, clipping.Apply([q]));
        using var inPlace = OptimizerCase.Named(name).Mine([("p", q)]);
        inPlace.Step();

        Same.Exactly(q.detach(), p.detach());
        Same.Exactly(Gradient(0, 100).to(ScalarType.Float32), p.grad!);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_not_finite_shows_in_the_parameter_as_by_tensor_operations(double value)
    {
        foreach (var name in Names)
            foreach (var clip in Clips)
            {
                using var scope = NewDisposeScope();
                var (p, q) = (Contiguous(11, ScalarType.Float32), Strided(11, ScalarType.Float32));
                foreach (var parameter in new[] { p, q })
                {
                    parameter.grad = Gradient(0, parameter.numel()).to(ScalarType.Float32).index_fill_(0, tensor(new long[] { 2, 10 }), value);
                    using var optimizer = OptimizerCase.Named(name).Mine([("p", parameter)]);
                    optimizer.Step(clip);
                    optimizer.Step(clip);
                }
                Same.Exactly(q.narrow(0, 0, 11).isfinite(), p.isfinite());
                Same.Exactly(q.narrow(0, 0, 11).isnan(), p.isnan());
            }
    }

    [Fact]
    public void A_saved_state_that_is_not_contiguous_is_taken_up()
    {
        using var scope = NewDisposeScope();
        var p = new Parameter(zeros([3, 5], ScalarType.Float64));
        p.grad = ones([3, 5], ScalarType.Float64);
        using var adam = new Adam([("p", p)]);
        var (m, v) = (Draw.Uniform("m", 5, 3).t(), Draw.Uniform("v", 5, 3).abs().t());
        adam.Restore(new Dictionary<string, Tensor> { ["p.exp_avg"] = m, ["p.exp_avg_sq"] = v }, 3);
        Same.Exactly(m.contiguous(), adam.State["p.exp_avg"]);
        Assert.True(adam.State["p.exp_avg"].is_contiguous());
        adam.Step();
        Assert.Equal(4, adam.Steps);
    }

    private static Parameter Contiguous(int n, ScalarType dtype) => new(Draw.Uniform($"p{n}", n).to(dtype));

    /// <summary>One element more, so that even a single one is not contiguous; elements do not meet.</summary>
    private static Parameter Strided(int n, ScalarType dtype)
    {
        var values = cat([Draw.Uniform($"p{n}", n), zeros(1, ScalarType.Float64)]);
        var p = new Parameter(stack([values, values], 1).to(dtype).select(1, 0));
        Assert.False(p.is_contiguous());
        return p;
    }

    private static Tensor Gradient(int step, long n) => Draw.Uniform($"g{step}", 1001).narrow(0, 0, n).contiguous();

    private static void Step(string name, Parameter p)
    {
        using var optimizer = OptimizerCase.Named(name).Mine([("p", p)]);
        optimizer.Step();
    }

    /// <summary>The first n elements of p and of the state after some steps.</summary>
    private static Dictionary<string, Tensor> After(string name, Parameter p, GradientClip clip, int n)
    {
        using var optimizer = OptimizerCase.Named(name).Mine([("p", p)]);
        for (var t = 0; t < Steps; t++)
        {
            p.grad = Gradient(t, p.numel()).to(p.dtype);
            optimizer.Step(clip);
        }
        var tensors = optimizer.State.ToDictionary(s => s.Key, s => s.Value.narrow(0, 0, n).clone());
        tensors["p"] = p.detach().narrow(0, 0, n).clone();
        return tensors;
    }
}
