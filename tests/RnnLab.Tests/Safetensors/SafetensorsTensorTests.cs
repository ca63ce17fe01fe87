using RnnLab.Training.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace RnnLab.Tests.Safetensors;

public sealed class SafetensorsTensorTests
{
    public static TheoryData<ScalarType> Types => new(ScalarType.Bool, ScalarType.Byte, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64);

    [Theory]
    [MemberData(nameof(Types))]
    public void A_tensor_is_the_same_after_the_way_through_an_entry(ScalarType type)
    {
        using var scope = NewDisposeScope();
        foreach (var shape in (long[][])[[], [0], [3], [2, 3, 4]])
        {
            var tensor = (torch.rand(shape) * 5).to_type(type);
            var again = SafetensorsTensors.ToTensor(SafetensorsTensors.ToEntry("a", tensor));
            Assert.Equal(tensor.dtype, again.dtype);
            Assert.Equal(tensor.shape, again.shape);
            Assert.Equal(Bytes(tensor), Bytes(again));
        }
    }

    [Fact]
    public void A_tensor_with_other_strides_is_written_row_by_row()
    {
        using var scope = NewDisposeScope();
        var tensor = torch.rand([3, 4]).t();
        var again = SafetensorsTensors.ToTensor(SafetensorsTensors.ToEntry("a", tensor));
        Assert.Equal([4, 3], again.shape);
        Assert.Equal(Bytes(tensor), Bytes(again));
    }

    [Fact]
    public void An_element_type_that_is_not_written_is_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => SafetensorsTensors.ToEntry("h", torch.zeros([2], dtype: ScalarType.Int16)));
    }

    [Fact]
    public void Nothing_but_the_result_outlives_the_calls()
    {
        using var scope = NewDisposeScope();
        var tensor = torch.rand([3, 4]).t();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        SafetensorsTensors.ToTensor(SafetensorsTensors.ToEntry("a", tensor)).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static byte[] Bytes(Tensor tensor) => tensor.numel() == 0 ? [] : tensor.detach().contiguous().bytes.ToArray();
}
