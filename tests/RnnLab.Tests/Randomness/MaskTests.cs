using System.Runtime.InteropServices;
using System.Security.Cryptography;
using RnnLab.Randomness;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Randomness;

/// <summary>Dropout masks: one function of (key, event, index), whatever computes it.</summary>
public sealed class MaskTests
{
    private static readonly RandomStream Stream = new(5, "mask");

    public static TheoryData<long[], ulong, double> Masks => Each.Of<long[], ulong, double>(
        [[1], [3], [4], [17], [7, 5], [2, 3, 11], [33, 31]], [0UL, 7UL, uint.MaxValue - 1UL, long.MaxValue - 9UL], [0.5, 0.1, 0.999, 1, 1e-12]);

    [Theory]
    [MemberData(nameof(Masks))]
    public void A_mask_is_each_word_of_philox_against_the_threshold(long[] shape, ulong @event, double keep)
    {
        var key = MemoryMarshal.Read<ulong>(SHA256.HashData("5/mask"u8));
        var mask = new float[shape.Aggregate(1L, (product, n) => product * n)];
        Array.Fill(mask, float.NaN);
        Stream.FillMask(mask, keep, 3, @event);
        for (var i = 0; i < mask.Length; i++)
        {
            var (a, b, c, d) = Philox.Block(key, @event, (ulong)i / 4);
            uint[] words = [a, b, c, d];
            Assert.Equal(words[i % 4] < Math.Round(keep * 4294967296.0) ? 3 : 0, mask[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Masks))]
    public void Tensor_operations_give_the_same_bits(long[] shape, ulong firstEvent, double keep)
    {
        using var scope = NewDisposeScope();
        foreach (var (events, dtype) in new[] { (1, ScalarType.Float32), (5, ScalarType.Float64), (40, ScalarType.Float32) })
            Same.Exactly(
                Stream.Masks(events, shape, keep, firstEvent, dtype, CPU),
                Stream.MasksByTensors(events, shape, keep, firstEvent, dtype, CPU));
    }

    [Fact]
    public void An_event_has_its_mask_whichever_events_are_drawn_with_it()
    {
        using var scope = NewDisposeScope();
        var together = Stream.Masks(300, [13, 37], 0.7, 10, ScalarType.Float32, CPU);
        foreach (var k in new[] { 0, 1, 150, 299 })
            Same.Exactly(Stream.Masks(1, [13, 37], 0.7, 10 + (ulong)k, ScalarType.Float32, CPU).select(0, 0), together.select(0, k));
    }

    [OperatorFact]
    public void Tensor_operations_are_as_many_for_one_event_as_for_many_and_copy_nothing_from_the_host()
    {
        using var scope = NewDisposeScope();
        var few = Operators.Of(() => Stream.MasksByTensors(1, [3], 0.5, 0, ScalarType.Float32, CPU));
        var many = Operators.Of(() => Stream.MasksByTensors(50, [20, 33], 0.5, 9, ScalarType.Float32, CPU));
        Assert.Equal(few, many);
        // 22 of them are constants, made on the host.
        Assert.InRange(Operators.Launches(many), 1, 140);
        Assert.Empty(Operators.Waiting(many));
    }

    [CudaFact]
    public void A_mask_made_on_cuda_is_the_cpus()
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
            Same.Exactly(
                Stream.Masks(50, [20, 33], 0.7, uint.MaxValue - 9UL, dtype, CPU),
                Stream.Masks(50, [20, 33], 0.7, uint.MaxValue - 9UL, dtype, torch.device("cuda")).cpu());
    }
}
