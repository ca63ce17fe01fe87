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
        var p = Make(new LstmCell(8), new Initialization { OrthogonalRecurrent = true });
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
