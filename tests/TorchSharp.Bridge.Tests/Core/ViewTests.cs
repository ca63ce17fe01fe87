using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

public sealed class ViewTests
{
    private readonly Tensor m = arange(6).@double().view(2, 3);

    [Fact]
    public void Views_share_memory_with_their_base()
    {
        m.view(6)[5] = tensor(50.0);
        m.narrow(1, 0, 1).zero_();
        m.t()[1].add_(10);
        m.select(0, 0)[2] = tensor(-1.0);
        Expect.Values(m, 0, 11, -1, 0, 14, 50);
    }

    [Fact]
    public void Shapes_follow_the_view()
    {
        Expect.Shape(m.reshape(3, -1), 3, 2);
        Expect.Shape(m.unsqueeze(1), 2, 1, 3);
        Expect.Shape(m.unsqueeze(1).squeeze(1), 2, 3);
        Expect.Shape(m.unsqueeze(0).unsqueeze(0).squeeze(), 2, 3);
        Expect.Shape(m.unsqueeze(2).expand(2, 3, 4), 2, 3, 4);
        Expect.Shape(m.permute(1, 0), 3, 2);
        Expect.Shape(m.T, 3, 2);
        Expect.Shape(m.unsqueeze(0).mT, 1, 3, 2);
        Expect.Shape(m.flatten(), 6);
        Expect.Shape(m.unflatten(1, 3, 1), 2, 3, 1);
        Expect.Shape(m.slice(1, 0, 3, 2), 2, 2);
        Assert.Equal(3, m.size(-1));
        Assert.Equal([3, 1], m.stride());
        Assert.Equal(1, m.t().stride(0));
        Assert.Equal(6, m.numel());
        Assert.Equal(2, m.ndim);
    }

    [Fact]
    public void A_transpose_is_not_contiguous_until_made_so()
    {
        var t = m.transpose(0, 1);
        Assert.False(t.is_contiguous());
        Assert.True(t.contiguous().is_contiguous());
        Expect.Values(t, 0, 3, 1, 4, 2, 5);
        Expect.Values(t.contiguous(), 0, 3, 1, 4, 2, 5);
    }

    [Fact]
    public void Parts_make_up_the_whole()
    {
        Expect.Shape(m.chunk(2, 1)[1], 2, 1);
        Assert.Equal(3, m.split(1, 1).Length);
        Expect.Shape(m.split([1L, 2L], 1)[1], 2, 2);
        Expect.Values(m.unbind(1)[2], 2, 5);
        Expect.Values(cat(m.chunk(3, 1), 1), 0, 1, 2, 3, 4, 5);
        Expect.Shape(stack([m, m, m]), 3, 2, 3);
        Expect.Shape(stack([m, m], 2), 2, 3, 2);
        Expect.Shape(vstack([m, m]), 4, 3);
        Expect.Shape(hstack(m, m), 2, 6);
    }

    [Fact]
    public void A_clone_is_apart_and_an_alias_is_not()
    {
        var clone = m.clone();
        var alias = m.alias();
        m.add_(1);
        Expect.Values(clone, 0, 1, 2, 3, 4, 5);
        Expect.Values(alias, 1, 2, 3, 4, 5, 6);
        Assert.NotSame(m, alias);
    }

    [Fact]
    public void Strided_views_follow_their_strides()
    {
        Expect.Values(m.as_strided([2, 2], [1, 2]), 0, 2, 1, 3);
        Expect.Values(m.tril(), 0, 0, 0, 3, 4, 0);
        Expect.Values(m.flip(1), 2, 1, 0, 5, 4, 3);
        Expect.Values(m.roll(1, 1), 2, 0, 1, 5, 3, 4);
        Expect.Values(m[0].repeat(2), 0, 1, 2, 0, 1, 2);
    }

    [Fact]
    public void Conversions_change_type_and_keep_values()
    {
        Assert.Equal(ScalarType.Float32, m.@float().dtype);
        Assert.Equal(ScalarType.Int64, m.to(ScalarType.Int64).dtype);
        Expect.Values(tensor(new[] { 1.7, -1.7 }).@long(), 1, -1);
        Expect.Values(m.to(CPU), 0, 1, 2, 3, 4, 5);
        var before = m.alias();
        var after = before.to(ScalarType.Float32, disposeAfter: true);
        Assert.True(before.IsInvalid);
        Assert.Equal(ScalarType.Float32, after.dtype);
        Assert.Equal(DeviceType.CPU, m.device.type);
        Assert.Equal("cpu", m.device.ToString());
    }
}
