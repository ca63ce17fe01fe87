using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

public sealed class IndexingTests
{
    private readonly Tensor c = arange(24).@double().view(2, 3, 4);

    [Fact]
    public void Numbers_select()
    {
        Expect.Shape(c[1], 3, 4);
        Expect.Values(c[1, 2], 20, 21, 22, 23);
        Expect.Values(c[1, 2, 3], 23);
        Expect.Values(c[-1, -1, -1], 23);
    }

    [Fact]
    public void Slices_narrow()
    {
        Expect.Shape(c[.., 1..], 2, 2, 4);
        Expect.Shape(c[.., ..^1, 1..3], 2, 2, 2);
        Expect.Values(c[TensorIndex.Single(0), TensorIndex.Slice(0, 3, 2), TensorIndex.Single(1)], 1, 9);
        Expect.Values(c[TensorIndex.Single(0), TensorIndex.Colon, TensorIndex.Single(0)], 0, 4, 8);
    }

    [Fact]
    public void Ellipsis_stands_for_the_rest_and_none_for_a_new_dimension()
    {
        Expect.Values(c[TensorIndex.Ellipsis, 0], 0, 4, 8, 12, 16, 20);
        Expect.Shape(c[TensorIndex.None, TensorIndex.Ellipsis, TensorIndex.None], 1, 2, 3, 4, 1);
        Expect.Shape(c[TensorIndex.Bool(true)], 1, 2, 3, 4);
        Expect.Shape(c[TensorIndex.Bool(false)], 0, 2, 3, 4);
    }

    [Fact]
    public void Tensors_gather_whole_rows()
    {
        var rows = c.view(6, 4)[tensor(new[] { 5L, 0L })];
        Expect.Values(rows, 20, 21, 22, 23, 0, 1, 2, 3);
        Expect.Values(c[tensor(new[] { 0L, 1L }), tensor(new[] { 2L, 0L })].select(1, 0), 8, 12);
        Expect.Shape(c[TensorIndex.Colon, TensorIndex.Tensor(tensor(new[] { 0L, 0L, 1L, 2L }))], 2, 4, 4);
        Expect.Values(c[TensorIndex.Tensor(tensor(1L))].select(0, 0), 12, 13, 14, 15);
    }

    [Fact]
    public void Masks_gather_where_they_hold()
    {
        Expect.Values(c[c > 21], 22, 23);
        Expect.Values(c[TensorIndex.Colon, TensorIndex.Tensor(tensor(new[] { false, true, false })), 0], 4, 16);
        var mask = tensor(new[,] { { true, false, false }, { false, false, true } });
        Expect.Values(c[TensorIndex.Tensor(mask), TensorIndex.Slice(0, 2)], 0, 1, 20, 21);
    }

    [Fact]
    public void Assignment_writes_through_every_kind_of_index()
    {
        c[0, 0, 0] = tensor(-1.0);
        c[1] = tensor(7.0);
        c[.., 2..] = tensor(new[] { 1.0, 2, 3, 4 });
        c[c == 7] = tensor(8.0);
        c[tensor(new[] { 0L }), tensor(new[] { 1L })] = zeros(4, dtype: ScalarType.Float64);
        Expect.Values(c[0], -1, 1, 2, 3, 0, 0, 0, 0, 1, 2, 3, 4);
        Expect.Values(c[1], 8, 8, 8, 8, 8, 8, 8, 8, 1, 2, 3, 4);
        c.index_put_(5.0, 0, 0);
        Expect.Values(c[0, 0], 5, 5, 5, 5);
    }

    [Fact]
    public void Index_put_accumulates_over_repeated_places()
    {
        var x = zeros(3);
        x.index_put_(ones(4), [tensor(new[] { 0L, 2L, 2L, 2L })], accumulate: true);
        Expect.Values(x, 1, 0, 3);
    }

    [Fact]
    public void Gather_and_scatter_are_each_others_inverse()
    {
        var x = tensor(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        var places = tensor(new long[,] { { 2, 0 }, { 1, 1 } });
        Expect.Values(x.gather(1, places), 3, 1, 5, 5);
        Expect.Values(zeros(2, 3, dtype: ScalarType.Float64).scatter_(1, places[.., 0..1], ones(2, 1, dtype: ScalarType.Float64)), 0, 0, 1, 0, 1, 0);
        Expect.Values(zeros(2, 3, dtype: ScalarType.Float64).scatter_add_(1, places, x[.., ..2]), 2, 0, 1, 0, 9, 0);
        Expect.Values(x.index_select(1, tensor(new[] { 2L, 0L })), 3, 1, 6, 4);
        Expect.Values(x.clone().index_add_(0, tensor(new[] { 1L }), ones(1, 3, dtype: ScalarType.Float64), 2), 1, 2, 3, 6, 7, 8);
        Expect.Values(x.clone().index_copy_(0, tensor(new[] { 0L }), zeros(1, 3, dtype: ScalarType.Float64)), 0, 0, 0, 4, 5, 6);
        Expect.Values(x.masked_fill(x > 3, 0), 1, 2, 3, 0, 0, 0);
        Expect.Values(where(x > 3, x, -x), -1, -2, -3, 4, 5, 6);
    }
}
