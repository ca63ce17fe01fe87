using RnnLab.Layers;

namespace RnnLab.Tests.Layers;

/// <summary>The cross-entropy of bits at its ends. (Its gradients are tested with the other losses.)</summary>
public sealed class BinaryCrossEntropyTests
{
    [Theory]
    [InlineData(1000, 0, 1000, 1), InlineData(-1000, 1, 1000, -1), InlineData(1000, 1, 0, 0), InlineData(-1000, 0, 0, 0)]
    public void It_stays_exact_where_the_sigmoid_is_0_or_1(double z, double target, double loss, double gradient)
    {
        using var scope = NewDisposeScope();
        var (logits, targets) = (tensor(new[] { z }, [1, 1]), tensor(new[] { target }, [1, 1]));
        Assert.Equal(loss, BinaryCrossEntropy.Forward(logits, targets).item<double>());
        Assert.Equal(gradient, BinaryCrossEntropy.Backward(logits, targets, 1).item<double>());
    }

    [Fact]
    public void A_small_loss_keeps_its_digits()
    {
        using var scope = NewDisposeScope();
        // ln(1 + e^-40) is e^-40 to double precision; 1 − σ(40) would have none of its digits.
        var loss = BinaryCrossEntropy.Forward(tensor(new[] { 40.0 }, [1, 1]), ones([1, 1], ScalarType.Float64)).item<double>();
        Assert.Equal(1, loss / Math.Exp(-40), 12);
    }
}
