using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Randomness;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>The equations of <see cref="RecurrentRegularization"/>, with lengths and direction beside them, written out once more as one plain loop over all steps.</summary>
public sealed class RegularizationEquationTests
{
    public static TheoryData<string, string, Kernel> Cases
        => Each.Of<string, string, Kernel>(["lstm", "gru", "rnn tanh"], [.. LayerOption.All.Select(option => option.Name)], [Kernel.Fast, Kernel.Reference]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_equals_the_loop_as_it_stands_on_paper(string cell, string option, Kernel kernel)
    {
        using var scope = NewDisposeScope();
        if (LayerOption.Named(option).Problem(cell, kernel) is not { } problem)
            return;
        var (x, s0) = (problem.X.clone().requires_grad_(), problem.S0.Map(s => s.clone().requires_grad_()));
        var weights = problem.Parameters.ToDictionary(p => p.Name, p => p.Parameter.detach().clone().requires_grad_());
        var (y, sT) = Loop(problem, x, s0, weights);
        Same.Within(Difference.Autograd, problem.Differentiate(y, sT, x, s0, problem.Parameters.Select(p => weights[p.Name])), problem.ByHand());
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void Zoneout_in_evaluation_is_the_mean_of_zoneout_in_training(string cell)
    {
        const int B = 20_000;
        const double z = 0.3;
        using var scope = NewDisposeScope();
        var made = CellGradientTests.Cells[cell]();
        var regularization = new RecurrentRegularization { ZoneoutH = z, ZoneoutC = made.HasCellState ? z : 0 };
        var layer = new RecurrentLayer(
            made, RecurrentParameters.Create(made, 3, "l0", Initialization.PyTorch, 11, dtype: ScalarType.Float64), regularization: regularization, seed: LayerOption.Seed);
        var problem = new LayerProblem(layer, 1, 1);
        CellState After(bool training)
            => layer.Forward(problem.X.expand(1, B, 3).contiguous(), problem.S0.Map(s => s.expand(B, 4).contiguous()), options: new() { Training = training }).State;
        var (drawn, mean) = (After(true), After(false));
        // A coin's standard deviation is √(z(1 − z)) times what it chooses between; 5 of the mean's.
        var deviations = 5 * Math.Sqrt(z * (1 - z) / B);
        Equal(problem.S0.H, drawn.H, mean.H);
        if (drawn.C is { } c)
            Equal(problem.S0.C!, c, mean.C!);

        void Equal(Tensor before, Tensor drawn, Tensor mean)
        {
            var expected = mean.narrow(0, 0, 1);
            // mean = z·before + (1 − z)·made, so made − before = (mean − before) / (1 − z).
            var between = (expected - before).abs() / (1 - z);
            var difference = (drawn.mean([0L], keepdim: true) - expected).abs();
            Assert.True((difference <= between * deviations).all().item<bool>());
            Assert.True((between > 1e-3).all().item<bool>(), "the choice is between numbers that are nearly the same");
        }
    }

    [Theory]
    [InlineData("recurrent_dropout", 0.25)]
    [InlineData("weight_drop", 0.25)]
    [InlineData("zoneout_h", 0.1)]
    [InlineData("zoneout_c", 0.9)]
    public void A_mask_of_probability_p_drops_or_keeps_that_part_of_all(string kind, double p)
    {
        using var scope = NewDisposeScope();
        var cell = new LstmCell(100);
        var layer = new RecurrentLayer(cell, RecurrentParameters.Create(cell, 3, "l0", Initialization.PyTorch, 11), regularization: kind switch
        {
            "recurrent_dropout" => new() { RecurrentDropout = p },
            "weight_drop" => new() { WeightDrop = p },
            "zoneout_h" => new() { ZoneoutH = p },
            _ => new() { ZoneoutC = p },
        });
        var masks = layer.Masks(BatchRows.Of(zeros([1, 100, 3]), null), training: true, firstStep: 0).Of(0, 1)[0];
        var (mask, kept) = kind switch
        {
            "recurrent_dropout" => (masks.Operand!, 1 / (1 - p)),
            "weight_drop" => (layer.WeightMask(training: true, firstStep: 0)!, 1 / (1 - p)),
            "zoneout_h" => (masks.UpdateH!, 1),
            _ => (masks.UpdateC!, 1),
        };
        var zeroes = mask.eq(0).to(ScalarType.Float64);
        Assert.InRange(zeroes.mean().item<double>() - p, -5 * Math.Sqrt(p * (1 - p) / mask.numel()), 5 * Math.Sqrt(p * (1 - p) / mask.numel()));
        Assert.True(((mask - kept).abs() < 1e-6).logical_or(mask.eq(0)).all().item<bool>());
    }

    /// <summary>Every step of every sequence, each with its masks.</summary>
    private static (Tensor Y, CellState ST) Loop(LayerProblem problem, Tensor x, CellState s, Dictionary<string, Tensor> p)
    {
        var (layer, options, T, B) = (problem.Layer, problem.Options, x.shape[0], x.shape[1]);
        var (regularization, drawn, H) = (layer.Regularization, options.Training, layer.Cell.HiddenSize);
        Tensor Masks(string kind, long events, double p, params long[] shape)
            => new RandomStream(LayerOption.Seed, $"{kind}/l0").Masks(events, shape, 1 - p, LayerOption.FirstStep, ScalarType.Float64, CPU);

        var W_hh = p["weight_hh_l0"];
        if (drawn && regularization.WeightDrop > 0)
            W_hh = W_hh * Masks("weight_drop", 1, regularization.WeightDrop, W_hh.shape)[0];
        var m = drawn && regularization.RecurrentDropout > 0 ? Masks("recurrent_dropout", 1, regularization.RecurrentDropout, B, H)[0] : ones([B, H], ScalarType.Float64);
        // d = 1 keeps the old state; in evaluation it is z.
        Tensor Keep(string kind, double z) => drawn ? Masks(kind, T, z, B, H).eq(0).to(ScalarType.Float64) : full([T, B, H], z, ScalarType.Float64);
        var (dh, dc) = (Keep("zoneout_h", regularization.ZoneoutH), Keep("zoneout_c", regularization.ZoneoutC));

        var lengths = tensor(options.Lengths?.Values.ToArray() ?? [.. Enumerable.Repeat(T, (int)B)]);
        var y = new Tensor[T];
        for (var step = 0L; step < T; step++)
        {
            var t = layer.Reverse ? T - 1 - step : step;
            var a = x[t].mm(p["weight_ih_l0"].t()) + p["bias_ih_l0"];
            var q = (m * s.H).mm(W_hh.t()) + p["bias_hh_l0"];
            var made = Cell(layer.Cell, a, q, s);
            var exists = lengths.gt(t).unsqueeze(1);
            Tensor Chosen(Tensor before, Tensor after, Tensor d) => where(exists, d * before + (1 - d) * after, before);
            s = new(Chosen(s.H, made.H, dh[t]), made.C is { } c ? Chosen(s.C!, c, dc[t]) : null);
            y[t] = where(exists, s.H, zeros_like(s.H));
        }
        return (stack(y), s);
    }

    private static CellState Cell(Cell cell, Tensor a, Tensor q, CellState s)
    {
        if (cell is RnnCell)
            return new((a + q).tanh());
        var (ga, gq) = (a.chunk(cell.Gates, 1), q.chunk(cell.Gates, 1));
        if (cell is GruCell)
        {
            var (r, z) = ((ga[0] + gq[0]).sigmoid(), (ga[1] + gq[1]).sigmoid());
            var n = (ga[2] + r * gq[2]).tanh();
            return new((1 - z) * n + z * s.H);
        }
        var (i, f, g, o) = ((ga[0] + gq[0]).sigmoid(), (ga[1] + gq[1]).sigmoid(), (ga[2] + gq[2]).tanh(), (ga[3] + gq[3]).sigmoid());
        var c = f * s.C! + i * g;
        return new(o * c.tanh(), c);
    }
}
