using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

public sealed class DataTests
{
    [Fact]
    public void Bytes_are_a_live_view()
    {
        var t = zeros(3);
        MemoryMarshal.Cast<byte, float>(t.bytes)[1] = 5;
        Expect.Values(t, 0, 5, 0);
        t.add_(1);
        Assert.Equal([1f, 6f, 1f], MemoryMarshal.Cast<byte, float>(t.bytes).ToArray());
        t.bytes = MemoryMarshal.AsBytes(new float[] { 7, 8, 9 }.AsSpan());
        Expect.Values(t, 7, 8, 9);
    }

    [Fact]
    public void Bytes_of_a_view_start_at_the_view()
    {
        var t = arange(6).@double().view(3, 2);
        Assert.Equal([2.0, 3.0], MemoryMarshal.Cast<byte, double>(t[1].bytes).ToArray());
    }

    [Fact]
    public void Bytes_need_a_contiguous_tensor_and_the_right_length()
    {
        var t = zeros(2, 3);
        Assert.Throws<InvalidOperationException>(() => t.t().bytes.Length);
        Assert.Throws<ArgumentException>(() => t.bytes = new byte[5]);
    }

    [Fact]
    public void Item_needs_one_element_of_the_exact_type()
    {
        Assert.Equal(2f, tensor(2f).item<float>());
        Assert.Equal(2L, tensor(new[] { 2L }).item<long>());
        Assert.Throws<ArgumentException>(() => tensor(2f).item<double>());
        Assert.Throws<ArgumentException>(() => tensor(2).item<long>());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
    }

    [Fact]
    public void Numbers_convert_where_item_does_not()
    {
        Assert.Equal(2.5, tensor(2.5f).ToDouble());
        Assert.Equal(2, tensor(2.5f).ToInt32());
        Assert.Equal(2f, tensor(2L).ToSingle());
        Assert.True(tensor(1).ToBoolean());
        Assert.Equal(3L, tensor((byte)3).ToInt64());
        Assert.Equal(1.5, (double)tensor(1.5f));
        Assert.Equal(2.5, tensor(2.5).ToScalar().ToDouble());
    }

    [Fact]
    public void Data_follows_strides_and_writes_back()
    {
        var t = arange(6).@double().view(2, 3).t();
        var data = t.data<double>();
        Assert.Equal(6, data.Count);
        Assert.Equal([0, 3, 1, 4, 2, 5], data.ToArray());
        Assert.Equal(4, data[1, 1]);
        data[2, 0] = 20;
        Assert.Equal(20, t[2, 0].item<double>());
        Assert.Equal(new double[,] { { 0, 3 }, { 1, 4 }, { 20, 5 } }, data.ToNDArray());
        Assert.Throws<ArgumentException>(() => t.data<float>());
        Assert.Throws<IndexOutOfRangeException>(() => data[3, 0]);
    }

    [Fact]
    public void Streams_carry_the_bytes_back_and_forth()
    {
        var t = randn(7, 3, dtype: ScalarType.Float64);
        using var stream = new MemoryStream();
        t.WriteBytesToStream(stream, 16);
        stream.Position = 0;
        var back = empty(7, 3, dtype: ScalarType.Float64);
        back.ReadBytesFromStream(stream, 10);
        Assert.True(back.Equals(t));
    }

    [Fact]
    public void Text_tells_shape_type_and_device()
    {
        Assert.Equal("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());
        Assert.Equal("[[1, 2],\n [3, 4]]", tensor(new[,] { { 1, 2 }, { 3, 4 } }).ToString(TensorStringStyle.Numpy, newLine: "\n"));
    }
}
