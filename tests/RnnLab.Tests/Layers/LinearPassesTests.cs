using RnnLab.Kernels;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Layers;

/// <summary>The packed products of a linear layer against its tensor operations, over sizes that fill no block, band or panel.</summary>
public sealed class LinearPassesTests
{
    // Rows under 16 take the tensor operations anyway; 600 rows are summed in several parts, and divided among threads.
    [Theory]
    [InlineData(16, 1, 1)]
    [InlineData(17, 7, 8)]
    [InlineData(33, 8, 7)]
    [InlineData(100, 31, 33)]
    [InlineData(100, 33, 65)]
    [InlineData(257, 100, 31)]
    [InlineData(600, 64, 100)]
    public void Packed_products_equal_tensor_operations(int rows, int inputs, int outputs)
    {
        Same.Within(1e-13, Results(Kernel.Reference, ScalarType.Float64, rows, inputs, outputs), Results(Kernel.Fast, ScalarType.Float64, rows, inputs, outputs));
        // Sums of 600 terms in another order.
        Same.Within(5e-6, Results(Kernel.Reference, ScalarType.Float32, rows, inputs, outputs), Results(Kernel.Fast, ScalarType.Float32, rows, inputs, outputs));
    }

    [Fact]
    public void Gradients_are_added_to_what_is_there_and_are_the_same_bits_again()
    {
        using var scope = NewDisposeScope();
        var once = Results(Kernel.Fast, ScalarType.Float64, 600, 33, 65);
        var again = Results(Kernel.Fast, ScalarType.Float64, 600, 33, 65);
        Same.Exactly(once["dW"], again["dW"]);
        var twice = Results(Kernel.Fast, ScalarType.Float64, 600, 33, 65, backwards: 2);
        Same.Within(1e-13, once["dW"] * 2, twice["dW"]);
        Same.Within(1e-13, once["db"] * 2, twice["db"]);
    }

    private static Dictionary<string, Tensor> Results(Kernel kernel, ScalarType dtype, int rows, int inputs, int outputs, int backwards = 1)
    {
        using var choice = KernelChoice.Use(kernel);
        var layer = new Linear(inputs, outputs, seed: 3, dtype: dtype);
        var (x, dy) = (Draw.Uniform("x", rows, inputs).to(dtype), Draw.Uniform("dy", rows, outputs).to(dtype));
        var results = new Dictionary<string, Tensor> { ["y"] = layer.Forward(x) };
        for (var k = 0; k < backwards; k++)
            results["dx"] = layer.Backward(x, dy);
        (results["dW"], results["db"]) = (Gradients.Of(layer.Weight), Gradients.Of(layer.Bias));
        return results;
    }
}
