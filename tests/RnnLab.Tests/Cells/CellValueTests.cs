using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Cells;

/// <summary>One step of one unit, computed by hand in the comments.</summary>
public sealed class CellValueTests
{
    private static Tensor Row(params double[] values) => tensor(values, [1, values.Length]);

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    [Fact]
    public void Rnn_step_is_tanh_of_the_sum()
    {
        using var scope = NewDisposeScope();
        // tanh(0.5 − 0.2) = tanh(0.3)
        var s = new RnnCell(1).Phi(Row(0.5), Row(-0.2), new(Row(9)), [], []);
        Assert.Equal(Math.Tanh(0.3), s.H.item<double>(), 15);
    }

    [Fact]
    public void Relu_step_cuts_at_zero()
    {
        using var scope = NewDisposeScope();
        var s = new RnnCell(2, Nonlinearity.Relu).Phi(Row(0.5, 0.5), Row(-0.75, 0.25), new(Row(0, 0)), [], []);
        Assert.Equal([0.0, 0.75], s.H.data<double>().ToArray());
    }

    [Fact]
    public void Lstm_step_has_the_gate_order_i_f_g_o()
    {
        using var scope = NewDisposeScope();
        // i = σ(1), f = σ(2), g = tanh(3), o = σ(4), c_{t-1} = 0.5
        var s = new LstmCell(1).Phi(Row(1, 2, 3, 4), Row(0, 0, 0, 0), new(Row(0), Row(0.5)), [], []);
        var c = Sigmoid(2) * 0.5 + Sigmoid(1) * Math.Tanh(3);
        Assert.Equal(c, s.C!.item<double>(), 15);
        Assert.Equal(Sigmoid(4) * Math.Tanh(c), s.H.item<double>(), 15);
    }

    [Fact]
    public void Gru_step_resets_after_the_product_and_keeps_with_z()
    {
        using var scope = NewDisposeScope();
        // r = σ(1 + 0.1), z = σ(2 + 0.2), n = tanh(3 + r · 0.3), h_{t-1} = 0.5
        var s = new GruCell(1).Phi(Row(1, 2, 3), Row(0.1, 0.2, 0.3), new(Row(0.5)), [], []);
        var n = Math.Tanh(3 + Sigmoid(1.1) * 0.3);
        Assert.Equal((1 - Sigmoid(2.2)) * n + Sigmoid(2.2) * 0.5, s.H.item<double>(), 15);
    }

    [Fact]
    public void The_two_grus_differ()
    {
        using var scope = NewDisposeScope();
        var (after, before) = (new LayerProblem(new GruCell(4)).ByHand()["y"], new LayerProblem(new GruResetBeforeCell(4)).ByHand()["y"]);
        Assert.InRange(Difference.Of(before, after), 1e-3, 1);
    }

    [Theory]
    [InlineData(0), InlineData(-3)]
    public void A_size_that_is_not_positive_is_refused(long size)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new GruCell(size));

    [Theory]
    [InlineData(-1), InlineData(4), InlineData(5)]
    public void A_projection_that_does_not_shrink_is_refused(long projection)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new LstmCell(4, projection));
}
