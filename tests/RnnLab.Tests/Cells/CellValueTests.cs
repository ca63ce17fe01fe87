using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Cells;

/// <summary>One step of one unit, or of two, computed by hand in the comments.</summary>
public sealed class CellValueTests
{
    private static Tensor Row(params double[] values) => values.Length == 0 ? zeros([1, 0], ScalarType.Float64) : tensor(values, [1, values.Length]);

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
    public void The_first_gru_multiplies_the_reset_state()
    {
        using var scope = NewDisposeScope();
        // r = σ(1.1), z = σ(2.2), u = r · 0.5, n = tanh(3 + q_n) with q_n = 0.3 · u
        var (cell, s, saved) = (new GruResetBeforeCell(1), new CellState(Row(0.5)), new List<Tensor>());
        var u = cell.Operand(0, Row(1, 2), Row(0.1, 0.2), s, [], saved);
        Assert.Equal(Sigmoid(1.1) * 0.5, u.item<double>(), 15);
        var n = Math.Tanh(3 + 0.3 * Sigmoid(1.1) * 0.5);
        Assert.Equal((1 - Sigmoid(2.2)) * n + Sigmoid(2.2) * 0.5, cell.Phi(Row(3), u * 0.3, s, [], saved).H.item<double>(), 15);
    }

    [Fact]
    public void Mgu_step_replaces_with_the_gate_that_resets()
    {
        using var scope = NewDisposeScope();
        // f = σ(1.1), u = f · 0.5, n = tanh(3 + 0.3 u), h = (1 − f) 0.5 + f n
        var (cell, s, saved) = (new MguCell(1), new CellState(Row(0.5)), new List<Tensor>());
        var (f, u) = (Sigmoid(1.1), cell.Operand(0, Row(1), Row(0.1), s, [], saved));
        Assert.Equal(f * 0.5, u.item<double>(), 15);
        Assert.Equal((1 - f) * 0.5 + f * Math.Tanh(3 + 0.3 * f * 0.5), cell.Phi(Row(3), u * 0.3, s, [], saved).H.item<double>(), 15);
    }

    [Fact]
    public void Peepholes_see_the_old_cell_in_i_and_f_and_the_new_one_in_o()
    {
        using var scope = NewDisposeScope();
        // p_i = 0.1, p_f = 0.2, p_o = 0.3, c_{t-1} = 0.5: i = σ(1 + 0.05), f = σ(2 + 0.1), o = σ(4 + 0.3 c)
        var s = new PeepholeLstmCell(1).Phi(Row(1, 2, 3, 4), Row(0, 0, 0, 0), new(Row(0), Row(0.5)), [tensor(new[] { 0.1, 0.2, 0.3 }, [3, 1])], []);
        var c = Sigmoid(2.1) * 0.5 + Sigmoid(1.05) * Math.Tanh(3);
        Assert.Equal(c, s.C!.item<double>(), 15);
        Assert.Equal(Sigmoid(4 + 0.3 * c) * Math.Tanh(c), s.H.item<double>(), 15);
    }

    [Fact]
    public void The_coupled_lstm_lets_in_what_it_forgets()
    {
        using var scope = NewDisposeScope();
        // f = σ(1), g = tanh(2), o = σ(3)
        var s = new CoupledLstmCell(1).Phi(Row(1, 2, 3), Row(0, 0, 0), new(Row(0), Row(0.5)), [], []);
        var c = Sigmoid(1) * 0.5 + (1 - Sigmoid(1)) * Math.Tanh(2);
        Assert.Equal(c, s.C!.item<double>(), 15);
        Assert.Equal(Sigmoid(3) * Math.Tanh(c), s.H.item<double>(), 15);
    }

    [Fact]
    public void The_lstm_of_1997_forgets_nothing()
    {
        using var scope = NewDisposeScope();
        // i = σ(1), g = tanh(2), o = σ(3)
        var s = new Lstm1997Cell(1).Phi(Row(1, 2, 3), Row(0, 0, 0), new(Row(0), Row(0.5)), [], []);
        var c = 0.5 + Sigmoid(1) * Math.Tanh(2);
        Assert.Equal(c, s.C!.item<double>(), 15);
        Assert.Equal(Sigmoid(3) * Math.Tanh(c), s.H.item<double>(), 15);
    }

    [Fact]
    public void IndRnn_step_is_relu_unless_tanh_is_asked_for()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0.0, 0.75], new IndRnnCell(2).Phi(Row(0.5, 0.5), Row(-0.75, 0.25), new(Row(0, 0)), [], []).H.data<double>().ToArray());
        Assert.Equal(Math.Tanh(0.75), new IndRnnCell(1, Nonlinearity.Tanh).Phi(Row(0.5), Row(0.25), new(Row(0)), [], []).H.item<double>(), 15);
    }

    [Fact]
    public void A_deep_transition_feeds_the_input_to_its_first_layer_alone()
    {
        using var scope = NewDisposeScope();
        var (cell, s, none, saved) = (new DeepTransitionCell(1, 3), new CellState(Row(9)), Row(), new List<Tensor>());
        // u_1 = tanh(0.5 − 0.2), u_2 = tanh(0.7), h = tanh(0.4)
        Assert.Equal(Math.Tanh(0.3), cell.Operand(0, Row(0.5), Row(-0.2), s, [], saved).item<double>(), 15);
        Assert.Equal(Math.Tanh(0.7), cell.Operand(1, none, Row(0.7), s, [], saved).item<double>(), 15);
        Assert.Equal(Math.Tanh(0.4), cell.Phi(none, Row(0.4), s, [], saved).H.item<double>(), 15);
    }

    [Fact]
    public void Layer_normalisation_of_two_numbers_is_plus_and_minus_one()
    {
        using var scope = NewDisposeScope();
        // (1, 3): μ = 2, σ² = 1; (0, 0.02): μ = 0.01, σ² = 1e-4, where ε counts
        var y = LayerNormalization.Forward(tensor(new[] { 1.0, 3, 0, 0.02 }, [2, 2]), tensor(new[] { 5.0, 7 }), tensor(new[] { 0.25, 0.5 }), []);
        var (far, near) = (1 / Math.Sqrt(1 + 1e-5), 0.01 / Math.Sqrt(1e-4 + 1e-5));
        foreach (var (expected, actual) in new[] { -5 * far + 0.25, 7 * far + 0.5, -5 * near + 0.25, 7 * near + 0.5 }.Zip(y.data<double>().ToArray()))
            Assert.Equal(expected, actual, 14);
    }

    [Fact]
    public void Layer_normalisation_equals_libtorchs()
    {
        using var scope = NewDisposeScope();
        var (x, gain, bias) = (Draw.Uniform("x", 5, 9), Draw.Uniform("gain", 9), Draw.Uniform("bias", 9));
        Same.Within(Difference.Libtorch64, nn.functional.layer_norm(x, [9], gain, bias), LayerNormalization.Forward(x, gain, bias, []));
    }

    [Fact]
    public void The_layer_norm_lstm_normalises_both_projections_and_the_cell()
    {
        using var scope = NewDisposeScope();
        // H = 1, where the norm of one number is 0: h = σ(o) tanh(β_c), whatever the cell holds; rows of four numbers spread out evenly for the gates
        Tensor ones(int n) => torch.ones(n, dtype: ScalarType.Float64);
        Tensor[] own = [ones(4), zeros(4, dtype: ScalarType.Float64), ones(4) * 2, ones(4) * 0.5, ones(1), ones(1) * 0.75];
        var s = new LayerNormLstmCell(1).Phi(Row(1, 1, 3, 3), Row(4, 2, 4, 2), new(Row(0), Row(0.5)), own, []);
        var n = 1 / Math.Sqrt(1 + 1e-5); // of deviations ±1 around the mean
        double[] z = [-n + 2 * n + 0.5, -n - 2 * n + 0.5, n + 2 * n + 0.5, n - 2 * n + 0.5];
        Assert.Equal(Sigmoid(z[1]) * 0.5 + Sigmoid(z[0]) * Math.Tanh(z[2]), s.C!.item<double>(), 14);
        Assert.Equal(Sigmoid(z[3]) * Math.Tanh(0.75), s.H.item<double>(), 14);
    }

    [Fact]
    public void The_layer_norm_gru_is_the_gru_of_normalised_projections()
    {
        using var scope = NewDisposeScope();
        // a = (1, 3, 2): μ = 2, σ² = 2/3; q = (2, 2, 5): μ = 3, σ² = 2
        Tensor constant(double value) => full(3, value, dtype: ScalarType.Float64);
        var s = new LayerNormGruCell(1).Phi(Row(1, 3, 2), Row(2, 2, 5), new(Row(0.5)), [constant(1), constant(0), constant(3), constant(0.25)], []);
        var (da, dq) = (1 / Math.Sqrt(2.0 / 3 + 1e-5), 3 / Math.Sqrt(2 + 1e-5));
        var (r, z) = (Sigmoid(-da - dq + 0.25), Sigmoid(da - dq + 0.25));
        Assert.Equal((1 - z) * Math.Tanh(r * (2 * dq + 0.25)) + z * 0.5, s.H.item<double>(), 14);
    }

    [Theory]
    [InlineData(1), InlineData(0), InlineData(-2)]
    public void A_transition_of_less_than_two_layers_is_refused(int depth)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new DeepTransitionCell(4, depth));

    [Theory]
    [InlineData(0), InlineData(-3)]
    public void A_size_that_is_not_positive_is_refused(long size)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new GruCell(size));

    [Theory]
    [InlineData(-1), InlineData(4), InlineData(5)]
    public void A_projection_that_does_not_shrink_is_refused(long projection)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new LstmCell(4, projection));
}
