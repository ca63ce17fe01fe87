using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>How parameters start.</summary>
public sealed class InitializationTests
{
    private static RecurrentParameters Make(Cell cell, Initialization how, ulong seed = 3) => RecurrentParameters.Create(cell, 6, "l0", how, seed, dtype: ScalarType.Float64);

    [Fact]
    public void PyTorchs_way_is_uniform_within_one_over_root_H()
    {
        using var scope = NewDisposeScope();
        var p = Make(new GruCell(64), Initialization.PyTorch);
        foreach (var (name, parameter) in p.Named(new GruCell(64), "l0"))
        {
            Assert.InRange(parameter.abs().max().item<double>(), 0.115, 0.125); // 1/√64 = .125
            Assert.True(Math.Abs(parameter.mean().item<double>()) < 0.03, name);
        }
    }

    [Fact]
    public void Orthogonal_blocks_are_orthogonal_gate_by_gate()
    {
        using var scope = NewDisposeScope();
        var p = Make(new LstmCell(8), new Initialization { Recurrent = RecurrentStart.Orthogonal });
        for (var gate = 0; gate < 4; gate++)
        {
            var W = p.WeightHh.detach().narrow(0, gate * 8, 8);
            Same.Within(1e-14, eye(8, dtype: ScalarType.Float64), W.t().mm(W)); // a few units in the last place
        }
        Assert.True(Difference.Of(p.WeightHh.detach().narrow(0, 0, 8), p.WeightHh.detach().narrow(0, 8, 8)) > 0.1);
    }

    [Fact]
    public void The_forget_bias_is_the_sum_of_both_biases_and_touches_no_other_gate()
    {
        using var scope = NewDisposeScope();
        var (with, without) = (Make(new LstmCell(5), new Initialization { ForgetBias = 1 }), Make(new LstmCell(5), Initialization.PyTorch));
        var sum = (with.BiasIh! + with.BiasHh!).detach();
        Assert.All(sum.narrow(0, 5, 5).data<double>().ToArray(), b => Assert.Equal(1, b));
        Same.Exactly(without.BiasIh!.detach().narrow(0, 10, 10), with.BiasIh!.detach().narrow(0, 10, 10));
        Same.Exactly(without.BiasIh!.detach().narrow(0, 0, 5), with.BiasIh!.detach().narrow(0, 0, 5));
    }

    [Fact]
    public void An_identity_is_one_in_each_gates_block()
    {
        using var scope = NewDisposeScope();
        var one = eye(3, dtype: ScalarType.Float64);
        Tensor W_hh(Cell cell, double scale = 1) => Make(cell, new Initialization { Recurrent = RecurrentStart.Identity, RecurrentScale = scale }).WeightHh.detach();
        Same.Exactly(cat([one, one, one], 0) * 0.5, W_hh(new GruCell(3), scale: 0.5));
        Same.Exactly(torch.ones(4, dtype: ScalarType.Float64), W_hh(new IndRnnCell(4)));
        Same.Exactly(eye(4, 2, dtype: ScalarType.Float64), W_hh(new LstmCell(4, 2)).narrow(0, 4, 4));
    }

    [Fact]
    public void Zero_biases_leave_the_weights_as_drawn()
    {
        using var scope = NewDisposeScope();
        var (p, drawn) = (Make(new RnnCell(5), new Initialization { ZeroBias = true }), Make(new RnnCell(5), Initialization.PyTorch));
        Assert.All(new[] { p.BiasIh!, p.BiasHh! }, b => Assert.All(b.data<double>().ToArray(), v => Assert.Equal(0, v)));
        Same.Exactly(drawn.WeightIh.detach(), p.WeightIh.detach());
        Same.Exactly(drawn.WeightHh.detach(), p.WeightHh.detach());
    }

    [Fact]
    public void The_irnn_starts_as_the_identity()
        => Assert.Equal(new Initialization { Recurrent = RecurrentStart.Identity, ZeroBias = true }, Initialization.Of(CellCatalogue.Of("irnn")));

    [Fact]
    public void A_diagonal_is_drawn_from_above_zero_to_one_unless_a_range_is_given()
    {
        using var scope = NewDisposeScope();
        var w = Make(new IndRnnCell(500), Initialization.PyTorch).WeightHh.data<double>().ToArray();
        Assert.All(w, v => Assert.True(v is > 0 and <= 1));
        Assert.InRange(w.Average(), 0.46, 0.54); // 0.5 ± three of 1/√(12 · 500)
        Assert.InRange(Make(new IndRnnCell(500), new Initialization { Range = 0.1 }).WeightHh.data<double>().ToArray().Min(), -0.1, -0.05);
    }

    /// <summary>The gate that chrono sets to b, that to −b, and the sign with which a large b keeps the state.</summary>
    public static TheoryData<string, int, int?, int> ChronoGates => new()
    {
        { "lstm", 1, 0, 1 }, { "lstm_peephole", 1, 0, 1 }, { "lstm_coupled", 0, null, 1 }, { "lstm_layer_norm", 1, 0, 1 },
        { "gru", 1, null, 1 }, { "gru_reset_before", 1, null, 1 }, { "gru_layer_norm", 1, null, 1 }, { "mgu", 0, null, -1 },
    };

    [Theory]
    [MemberData(nameof(ChronoGates))]
    public void Chrono_keeps_the_state_for_up_to_T_steps(string name, int gate, int? input, int sign)
    {
        using var scope = NewDisposeScope();
        const int H = 400, T_max = 101;
        var cell = CellCatalogue.Of(name).NewCell(H);
        double[] Bias(Initialization how, int block)
        {
            var p = Make(cell, how);
            var whole = p.BiasIh is null ? p.Own[1] + p.Own[3] : p.BiasIh + p.BiasHh!;
            return whole.detach().narrow(0, block * H, H).data<double>().ToArray();
        }
        var chrono = new Initialization { Chrono = T_max };
        var b = Bias(chrono, gate).Select(v => sign * v).ToArray();
        // exp b ~ U(1, 100): its mean 50.5 within four of 28.6/√400
        Assert.All(b, v => Assert.InRange(v, 0, Math.Log(T_max - 1)));
        Assert.InRange(b.Average(Math.Exp), 44.5, 56.5);
        if (input is { } i)
            Assert.Equal(b.Select(v => -v), Bias(chrono, i));
        var others = Enumerable.Range(0, cell.Gates).Where(g => g != gate && g != input);
        Assert.All(others, other => Assert.Equal(Bias(Initialization.PyTorch, other), Bias(chrono, other)));
    }

    [Fact]
    public void A_state_kept_by_chrono_lasts_where_one_as_drawn_has_gone()
    {
        using var scope = NewDisposeScope();
        // Not those with layer norms, which scale any difference of states up again.
        foreach (var name in ChronoGates.Select(row => (string)row[0]).Where(name => !name.EndsWith("layer_norm", StringComparison.Ordinal)))
        {
            double Left(Initialization how)
            {
                var cell = CellCatalogue.Of(name).NewCell(64);
                var layer = new RecurrentLayer(cell, RecurrentParameters.Create(cell, 6, "l0", how, 3, dtype: ScalarType.Float64));
                var (zero, one) = (layer.ZeroState(1), layer.ZeroState(1).Map(s => s + 1));
                var x = zeros([40, 1, 6], ScalarType.Float64);
                var (a, b) = (layer.Forward(x, zero).State, layer.Forward(x, one).State);
                return ((b.C ?? b.H) - (a.C ?? a.H)).abs().mean().item<double>();
            }
            var (kept, gone) = (Left(new Initialization { Chrono = 1001 }), Left(Initialization.PyTorch));
            Assert.True(kept > 0.5 && gone < 0.01, $"{name}: {kept:g3}, as drawn {gone:g3}");
        }
    }

    [Theory]
    [InlineData("rnn"), InlineData("lstm_1997"), InlineData("indrnn"), InlineData("rnn_deep_transition")]
    public void Chrono_for_a_cell_without_such_a_gate_is_refused(string name)
        => Refused("chrono: cell " + name + " has no gate that decides how long its state lasts", CellCatalogue.Of(name).NewCell(4), new Initialization { Chrono = 10 });

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        Refused("chrono: forget_bias is given too", new LstmCell(4), new Initialization { Chrono = 10, ForgetBias = 1 });
        Refused("recurrent: cell indrnn has a diagonal recurrent weight", new IndRnnCell(4), new Initialization { Recurrent = RecurrentStart.Orthogonal });
        Refused("forget_bias: cell mgu has no forget gate", new MguCell(4), new Initialization { ForgetBias = 1 });
        Refused("forget_bias: there is no bias to set", new LstmCell(4), new Initialization { ForgetBias = 1 }, bias: false);
        Refused("chrono: there is no bias to set", new GruCell(4), new Initialization { Chrono = 10 }, bias: false);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Initialization { Chrono = 2 });
    }

    [Fact]
    public void The_gates_bias_of_a_layer_norm_takes_the_forget_bias()
    {
        using var scope = NewDisposeScope();
        var cell = new LayerNormLstmCell(3);
        var p = RecurrentParameters.Create(cell, 6, "l0", new Initialization { ForgetBias = 1 }, 3, bias: false, dtype: ScalarType.Float64);
        double[] expected = [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0];
        Assert.Equal(expected, p.Own[1].data<double>().ToArray());
        Assert.All(p.Own[0].data<double>().ToArray(), gain => Assert.Equal(1, gain));
        Assert.Equal(
            ["weight_ih", "weight_hh", "weight_ln_ih", "bias_ln_ih", "weight_ln_hh", "bias_ln_hh", "weight_ln_c", "bias_ln_c"],
            RecurrentParameters.Shapes(cell, 6).Select(s => s.Name));
    }

    private static void Refused(string message, Cell cell, Initialization how, bool bias = true)
        => Assert.Contains(message, Assert.Throws<ArgumentException>(() => RecurrentParameters.Create(cell, 6, "l0", how, 3, bias)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_forget_bias_for_a_cell_without_a_forget_gate_is_refused()
        => Assert.Contains("no forget gate", Assert.Throws<ArgumentException>(() => Make(new GruCell(5), new Initialization { ForgetBias = 1 })).Message, StringComparison.Ordinal);

    [Fact]
    public void Parameters_are_a_function_of_the_seed_and_their_name_alone()
    {
        using var scope = NewDisposeScope();
        var cell = new LstmCell(4);
        Same.Exactly(Make(cell, Initialization.PyTorch).WeightHh.detach(), Make(cell, Initialization.PyTorch).WeightHh.detach());
        Assert.True(Difference.Of(Make(cell, Initialization.PyTorch, seed: 4).WeightHh, Make(cell, Initialization.PyTorch).WeightHh) > 0.1);
        var narrow = RecurrentParameters.Create(cell, 2, "l0", Initialization.PyTorch, 3, dtype: ScalarType.Float64);
        Same.Exactly(narrow.WeightHh.detach(), Make(cell, Initialization.PyTorch).WeightHh.detach());
    }

    [Fact]
    public void Parameters_of_another_shape_are_refused()
    {
        var p = Make(new LstmCell(4), Initialization.PyTorch);
        Assert.Contains("expected (12, 6)", Assert.Throws<ArgumentException>(() => new RecurrentLayer(new GruCell(4), p)).Message, StringComparison.Ordinal);
    }
}
