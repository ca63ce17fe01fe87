using System.Numerics;
using RnnLab.Kernels.Elementwise;
using RnnLab.Layers;
using RnnLab.Randomness;
using RnnLab.Tests.Support;
using RnnLab.Training;

namespace RnnLab.Tests.Kernels;

/// <summary>The passes over memory alone, and which tensors take them.</summary>
public sealed class ElementwiseTests
{
    private static readonly int[] Sizes = [1, 3, 7, 8, 31, 33, 65, 100, 1000];

    [Fact]
    public void Only_contiguous_floating_point_on_the_CPU_takes_the_passes()
    {
        using var scope = NewDisposeScope();
        Assert.True(Fast.Applies(zeros(3, 2)));
        Assert.True(Fast.Applies(zeros([3, 2], ScalarType.Float64)));
        Assert.False(Fast.Applies(zeros(3, 2).t()));
        Assert.False(Fast.Applies(zeros([3, 2], ScalarType.Float16)));
        Assert.False(Fast.Applies(zeros([3, 2], ScalarType.Int64)));
        Assert.False(Fast.Applies(zeros([3, 2], device: new Device(DeviceType.META))));
        Assert.False(Fast.Applies(zeros(3, 2), zeros([3, 2], ScalarType.Float64)));
        Assert.False(Fast.Applies(zeros(3, 2), zeros(3, 1)));
    }

    [Fact]
    public void The_sum_of_squares_is_exact_to_float64_at_every_size()
    {
        foreach (var n in Sizes)
        {
            var x = new RandomStream(7, "x").Uniform([n], -3, 3).data<double>().ToArray();
            var expected = x.Sum(v => v * v);
            Assert.Equal(expected, SumOfSquares.Of<double>(x), expected * 1e-15 * Math.Sqrt(n));
            Assert.Equal(x.Sum(v => Math.Min(v * v, 0.25)), SumOfSquares.OfClamped<double>(x, 0.5), expected * 1e-15 * Math.Sqrt(n));
            var single = Array.ConvertAll(x, v => (float)v);
            var exact = single.Sum(v => (double)v * v);
            Assert.Equal(exact, SumOfSquares.Of<float>(single), exact * 1e-15 * Math.Sqrt(n));
        }
    }

    [Fact]
    public void A_norm_that_floats_cannot_square_is_right_and_what_is_not_finite_shows()
    {
        float[] large = [3e30f, 4e30f];
        Assert.Equal(5e30, Math.Sqrt(SumOfSquares.Of<float>(large)), 1e24);
        foreach (var n in Sizes)
            foreach (var value in new[] { float.NaN, float.PositiveInfinity })
            {
                var x = new float[n];
                x[^1] = value;
                Assert.False(double.IsFinite(SumOfSquares.Of<float>(x)));
                Assert.Equal(float.IsNaN(value), double.IsNaN(SumOfSquares.OfClamped<float>(x, 1)));
            }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.3)]
    public void The_measured_norm_and_clip_are_those_of_tensor_operations(double? maxValue)
    {
        using var scope = NewDisposeScope();
        var clipping = new GradientClipping(0.5, maxValue);
        var g = Draw.Uniform("g", 31, 33);
        var (contiguous, strided) = (new Parameter(zeros(31, 33, ScalarType.Float64)), new Parameter(zeros(31, 33, ScalarType.Float64)));
        contiguous.grad = g.clone();
        strided.grad = g.t().contiguous().t();
        var (expected, actual) = (clipping.Measure([strided]), clipping.Measure([contiguous]));
        Assert.Equal(expected.Norm, actual.Norm, expected.Norm * 1e-14);
        Assert.Equal(expected.Clip.Scale, actual.Clip.Scale, 1e-14);
        Assert.Equal(maxValue, actual.Clip.MaxValue);
    }

    [Fact]
    public void Exp_is_right_to_the_last_place_from_the_smallest_to_the_largest_result()
    {
        foreach (var x in new RandomStream(7, "exp").Uniform([20_000], -104, 89).data<double>())
        {
            var (exact, single) = (Math.Exp((float)x), Exponential.Of(Vector.Create((float)x))[0]);
            if (float.IsFinite((float)exact))
                Assert.InRange(single - exact, -1.3 * Unit((float)exact), 1.3 * Unit((float)exact));
            else
                Assert.Equal(float.PositiveInfinity, single);
            // Math.Exp may be a unit off itself.
            var (close, wide) = (Math.Exp(7 * x), Exponential.Of(Vector.Create(7 * x))[0]);
            Assert.InRange(wide, close - 2 * (Math.BitIncrement(close) - close), close + 2 * (Math.BitIncrement(close) - close));
        }
    }

    [Fact]
    public void Exp_of_what_is_zero_infinite_or_no_number()
    {
        Assert.Equal(1, Exponential.Of(Vector<float>.Zero)[0]);
        Assert.Equal(1, Exponential.Of(Vector<double>.Zero)[0]);
        const double inf = double.PositiveInfinity;
        foreach (var (x, expected) in new[] { (-1e30, 0), (-inf, 0), (1e30, inf), (inf, inf), (double.NaN, double.NaN) })
        {
            Assert.Equal((float)expected, Exponential.Of(Vector.Create((float)x))[0]);
            Assert.Equal(expected, Exponential.Of(Vector.Create(x))[0]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void Softmax_cross_entropy_in_one_pass_equals_the_tensor_operations(double range)
    {
        foreach (var (dtype, bound) in new[] { (ScalarType.Float32, 1e-6), (ScalarType.Float64, 1e-14) })
            foreach (var V in Sizes)
            {
                using var scope = NewDisposeScope();
                var logits = (Draw.Uniform($"logits {V}", 5, V) * range).to(dtype);
                var targets = Draw.Tokens("targets", V, 5);
                var rows = SoftmaxCrossEntropy.Forward(logits, targets, out var p);
                var expected = SoftmaxCrossEntropy.Forward(Strided(logits), targets, out var expectedP);
                Within(bound, expected, rows);
                Same.Within(bound, expectedP, p);
                Within(bound, SoftmaxCrossEntropy.Backward(Strided(p), targets, 0.2), SoftmaxCrossEntropy.Backward(p, targets, 0.2));
            }
    }

    [Fact]
    public void Logits_that_are_not_finite_give_what_the_tensor_operations_give()
    {
        const double inf = double.PositiveInfinity;
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
            foreach (var V in Sizes.Where(v => v >= 3))
                foreach (var (fill, special) in new[] { (0, double.NaN), (0, inf), (0, -inf), (-inf, -inf), (-inf, 1), (inf, 0) })
                    foreach (var at in new[] { 0, V / 2, V - 1 })
                    {
                        using var scope = NewDisposeScope();
                        var logits = full([4, V], fill, dtype);
                        logits.select(1, at).fill_(special);
                        var targets = tensor(new long[] { 0, V / 2, V - 1, 1 });
                        var rows = SoftmaxCrossEntropy.Forward(logits, targets, out var p);
                        var expected = SoftmaxCrossEntropy.Forward(Strided(logits), targets, out var expectedP);
                        Assert.True(allclose(expected, rows, 1e-6, 0, equal_nan: true), $"{dtype}, {V}, {special} at {at}");
                        Assert.True(allclose(expectedP, p, 1e-6, 0, equal_nan: true), $"{dtype}, {V}, {special} at {at}");
                        Assert.True(allclose(SoftmaxCrossEntropy.Backward(Strided(expectedP), targets, 0.2),
                            SoftmaxCrossEntropy.Backward(p, targets, 0.2), 1e-6, 1e-7, equal_nan: true), $"{dtype}, {V}, {special} at {at}");
                    }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(7)]
    public void A_target_or_token_out_of_range_is_refused(long token)
    {
        using var scope = NewDisposeScope();
        var targets = tensor(new[] { 0, token });
        Assert.Throws<ArgumentOutOfRangeException>(() => SoftmaxCrossEntropy.Forward(zeros(2, 7), targets, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => SoftmaxCrossEntropy.Backward(zeros(2, 7), targets, 1));
        using var embedding = new Embedding(7, 5, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => embedding.Backward(targets, zeros(2, 5)));
    }

    [Fact]
    public void Rows_that_do_not_go_with_the_targets_or_tokens_are_refused()
    {
        using var scope = NewDisposeScope();
        var three = zeros([3], ScalarType.Int64);
        Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Backward(zeros(4, 6), three, 1));
        Assert.Throws<ArgumentException>(() => SoftmaxCrossEntropy.Backward(zeros(3, 6), zeros(3), 1));
        using var embedding = new Embedding(7, 5, 1);
        Assert.Throws<ArgumentException>(() => embedding.Backward(three, zeros(4, 5)));
        Assert.Throws<ArgumentException>(() => new UpdateMemory<float>(new float[3], new float[4]));
        Assert.Throws<ArgumentException>(() => new UpdateMemory<float>(new float[3], new float[3], new float[2]));
    }

    [Fact]
    public void The_embeddings_gradient_equals_index_add_bit_for_bit()
    {
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
            foreach (var width in Sizes)
            {
                using var scope = NewDisposeScope();
                using var embedding = new Embedding(13, width, 1, dtype: dtype);
                var (ids, dx) = (Draw.Tokens("ids", 13, 9, 4), Draw.Uniform("dx", 9, 4, width).to(dtype));
                var expected = Draw.Uniform("before", 13, width).to(dtype);
                Gradients.Of(embedding.Weight).copy_(expected);
                expected.index_add_(0, ids.reshape(-1), dx.reshape(-1, width), 1);
                // Its rows and tokens are made contiguous where they are not.
                embedding.Backward(ids.t().contiguous().t(), dx.transpose(0, 1).contiguous().transpose(0, 1));
                Same.Exactly(expected, Gradients.Of(embedding.Weight));
            }
    }

    [Fact]
    public void Gradients_are_zeroed_in_place_whatever_their_strides()
    {
        using var scope = NewDisposeScope();
        var (contiguous, strided, none) = (new Parameter(zeros(3, 5)), new Parameter(zeros(3, 5)), new Parameter(zeros(2)));
        (contiguous.grad, strided.grad) = (ones(3, 5), ones(5, 3).t());
        var before = contiguous.grad!;
        Gradients.Zero([contiguous, strided, none]);
        Same.Exactly(zeros(3, 5), before);
        Same.Exactly(zeros(3, 5), strided.grad!);
        Assert.Null(none.grad);
    }

    private static double Unit(float x) => (double)MathF.BitIncrement(x) - x;

    /// <summary>The same numbers, in a tensor that takes the tensor operations.</summary>
    private static Tensor Strided(Tensor x)
    {
        var strided = stack([x, x], 2).select(2, 0);
        Assert.False(strided.is_contiguous());
        return strided;
    }

    /// <summary>Within a bound of the largest element or of 1: a loss near 0 is a difference of numbers of order 1.</summary>
    private static void Within(double bound, Tensor expected, Tensor actual)
        => Assert.True((expected - actual).abs().max().to(ScalarType.Float64).item<double>()
            <= bound * Math.Max(1, expected.abs().max().to(ScalarType.Float64).item<double>()));
}
