using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

public sealed class ReductionTests
{
    private readonly Tensor m = tensor(new double[,] { { 1, 5, 3 }, { 4, 2, 6 } });

    [Fact]
    public void Sums_and_means_go_over_all_or_some_dimensions()
    {
        Expect.Values(m.sum(), 21);
        Expect.Values(m.sum(0L), 5, 7, 9);
        Expect.Shape(m.sum(1, keepdim: true), 2, 1);
        Expect.Values(m.sum([0L, 1L]), 21);
        Expect.Values(m.mean(), 3.5);
        Expect.Values(m.mean([1]), 3, 4);
        Expect.Values(m.prod(), 720);
        Assert.Equal(ScalarType.Float32, m.sum(ScalarType.Float32).dtype);
    }

    [Fact]
    public void Extremes_come_with_their_places()
    {
        Expect.Values(m.max(), 6);
        var (values, indexes) = m.max(1);
        Expect.Values(values, 5, 6);
        Expect.Values(indexes, 1, 2);
        Expect.Values(m.min(0).values, 1, 2, 3);
        Expect.Values(m.amax([1L]), 5, 6);
        Expect.Values(m.amin([0L], keepdim: true), 1, 2, 3);
        Expect.Values(m.argmax(1), 1, 2);
        Expect.Values(m.argmin(), 0);
        Expect.Values(maximum(m[0], m[1]), 4, 5, 6);
    }

    [Fact]
    public void Spread_is_unbiased_unless_asked_otherwise()
    {
        Expect.Values(m.var(), 3.5);
        Expect.Close(m.var(unbiased: false), 1e-15, 35.0 / 12);
        Expect.Values(m.std(1), 2, 2);
        Expect.Close(m.norm(), 1e-14, Math.Sqrt(91));
        Expect.Close(m.logsumexp(1), 1e-14, LogSumExp(1, 5, 3), LogSumExp(4, 2, 6));
    }

    [Fact]
    public void Running_sums_and_products_keep_the_shape()
    {
        Expect.Values(m.cumsum(1), 1, 6, 9, 4, 6, 12);
        Expect.Values(m.cumprod(0), 1, 5, 3, 4, 10, 18);
    }

    [Fact]
    public void Order_is_found_with_its_places()
    {
        var (values, indices) = m.topk(2, 1);
        Expect.Values(values, 5, 3, 6, 4);
        Expect.Values(indices, 1, 2, 2, 0);
        Expect.Values(m.sort(1, descending: true).Values, 5, 3, 1, 6, 4, 2);
        Expect.Values(m.argsort(1), 0, 2, 1, 1, 0, 2);
    }

    [Fact]
    public void Any_and_all_reduce_truth()
    {
        Assert.True(m.gt(0).all().item<bool>());
        Assert.False(m.gt(5).all().item<bool>());
        Assert.True(m.gt(5).any().item<bool>());
        Expect.Values(m.gt(5).any(1), 0, 1);
    }

    [Fact]
    public void Spectra_of_a_known_matrix_are_right()
    {
        var a = tensor(new double[,] { { 0, 2 }, { -2, 0 } });
        Expect.Close(linalg.svdvals(a), 1e-14, 2, 2);
        Expect.Close(linalg.eigvals(a).abs(), 1e-14, 2, 2);
        var (q, r) = linalg.qr(m.t());
        Assert.True(q.mm(r).allclose(m.t()));
        Assert.True(q.t().mm(q).allclose(eye(2, dtype: ScalarType.Float64)));
        Expect.Close(linalg.norm(a), 1e-14, Math.Sqrt(8));
        Expect.Close(linalg.det(a), 1e-14, 4);
    }

    private static double LogSumExp(params double[] x) => Math.Log(x.Sum(Math.Exp));
}
