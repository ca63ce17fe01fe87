using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests.Core;

public sealed class CreationTests
{
    [Fact]
    public void Scalars_take_the_type_of_their_number()
    {
        Assert.Equal(ScalarType.Float64, tensor(1.0).dtype);
        Assert.Equal(ScalarType.Float32, tensor(1.0f).dtype);
        Assert.Equal(ScalarType.Int32, tensor(1).dtype);
        Assert.Equal(ScalarType.Int64, tensor(1L).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
        Assert.Equal(ScalarType.Float32, tensor(1.0, dtype: ScalarType.Float32).dtype);
    }

    [Fact]
    public void Arrays_keep_rank_and_row_major_order()
    {
        var matrix = tensor(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Expect.Shape(matrix, 2, 3);
        Expect.Values(matrix, 1, 2, 3, 4, 5, 6);
        var cube = tensor(new int[,,] { { { 1 }, { 2 } }, { { 3 }, { 4 } }, { { 5 }, { 6 } } });
        Expect.Shape(cube, 3, 2, 1);
        Expect.Values(cube, 1, 2, 3, 4, 5, 6);
        Expect.Shape(tensor(new float[] { 1, 2, 3, 4 }, [2, 2]), 2, 2);
        Expect.Values(tensor(new List<long> { 5, 6, 7, 8 }, 2, 2)[1], 7, 8);
        Expect.Values(tensor(new[] { true, false }), 1, 0);
    }

    [Fact]
    public void An_array_is_copied_and_too_short_an_array_is_refused()
    {
        var array = new double[] { 1, 2 };
        var copy = tensor(array);
        array[0] = 9;
        Expect.Values(copy, 1, 2);
        Assert.Throws<ArgumentException>(() => tensor(array, [3]));
    }

    [Fact]
    public void Constants_have_their_values_and_the_default_type()
    {
        Expect.Values(zeros(2, 2), 0, 0, 0, 0);
        Expect.Values(ones(3), 1, 1, 1);
        Expect.Values(full(2, 2.5), 2.5, 2.5);
        Expect.Values(eye(2), 1, 0, 0, 1);
        Assert.Equal(ScalarType.Float32, zeros(1).dtype);
        Assert.Equal(ScalarType.Float64, zeros(new long[] { 1 }, dtype: ScalarType.Float64).dtype);
        Expect.Shape(empty(2, 3, 4, 5), 2, 3, 4, 5);
        Expect.Values(zeros_like(ones(2)), 0, 0);
    }

    [Fact]
    public void Ranges_step_from_start_to_stop()
    {
        Expect.Values(arange(4), 0, 1, 2, 3);
        Assert.Equal(ScalarType.Int64, arange(4).dtype);
        Expect.Values(arange(1.0, 2.0, 0.25), 1, 1.25, 1.5, 1.75);
        Assert.Equal(ScalarType.Float32, arange(1.0, 2.0, 0.25).dtype);
        Expect.Values(linspace(0, 1, 5), 0, 0.25, 0.5, 0.75, 1);
    }

    [Fact]
    public void Frombuffer_shares_the_arrays_memory_both_ways()
    {
        var array = new double[] { 1, 2, 3, 4 };
        var shared = frombuffer(array, ScalarType.Float64, count: 2, offset: 1);
        shared.mul_(10);
        Assert.Equal([1, 20, 30, 4], array);
        array[2] = 7;
        Expect.Values(shared, 20, 7);
    }

    [Fact]
    public void Frombuffer_refuses_what_lies_outside_the_array()
    {
        Assert.Throws<ArgumentException>(() => frombuffer(new float[2], ScalarType.Float32, offset: 2));
        Assert.Throws<IndexOutOfRangeException>(() => frombuffer(new float[2], ScalarType.Float32, count: 3));
    }

    [Fact]
    public void A_shared_array_outlives_its_variable()
    {
        var shared = Share();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Equal(1000 * 999 / 2, shared.sum().item<double>());

        static Tensor Share() => frombuffer(Enumerable.Range(0, 1000).Select(i => (double)i).ToArray(), ScalarType.Float64);
    }

    [Fact]
    public void From_array_shares_and_keeps_the_rank()
    {
        var array = new float[,] { { 1, 2 }, { 3, 4 } };
        var shared = from_array(array);
        Expect.Shape(shared, 2, 2);
        shared[1, 0] = 9f;
        Assert.Equal(9f, array[1, 0]);
    }

    [Fact]
    public void Gradients_may_be_asked_for_at_creation()
    {
        Assert.True(zeros(2, requires_grad: true).requires_grad);
        Assert.True(tensor(new[] { 1f }, requires_grad: true).requires_grad);
        Assert.False(zeros(2).requires_grad);
    }
}
