using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Cells;

/// <summary>No two variants are mixed up: each cell against every variant's equations, written down apart from it, with the same weights.</summary>
public sealed class CellVariantTests
{
    private const double Rounding = 1e-13, FarMore = 1e-4;

    // Pairs that the same weights fit: to take one for the other would not fail by its shapes.
    private static readonly (string Cell, string Equations)[] Confusable =
    [
        ("gru", "gru reset before"), ("gru reset before", "gru"), ("gru layer norm", "gru"), ("gru", "mgu"), ("gru", "lstm coupled"),
        ("lstm coupled", "lstm 1997"), ("lstm 1997", "lstm coupled"), ("lstm peephole", "lstm"), ("lstm layer norm", "lstm"), ("lstm", "gru"), ("lstm", "lstm coupled"),
        ("rnn tanh", "rnn relu"), ("rnn relu", "rnn tanh"), ("indrnn relu", "indrnn tanh"), ("indrnn tanh", "indrnn relu"), ("mgu", "rnn tanh"),
        ("rnn deep transition", "rnn tanh"), ("rnn deep transition of 4", "rnn deep transition"),
    ];

    public static TheoryData<string> Cells => [.. CellGradientTests.Cells.Keys];

    [Theory]
    [MemberData(nameof(Cells))]
    public void A_cell_follows_its_own_equations_and_no_others(string cell)
    {
        using var scope = NewDisposeScope();
        var problem = new LayerProblem(CellGradientTests.Cells[cell](), T: 6, B: 2);
        OwnValues.Move(problem.Layer);
        var y = problem.ByHand(Kernel.Reference)["y"];
        var ran = new List<string>();
        foreach (var (name, step) in PlainCells.Steps)
        {
            if (Unroll(step, problem) is not { } plain)
                continue;
            ran.Add(name);
            if (name == cell)
                Same.Within(Rounding, plain, y);
            else
                Assert.True(!plain.shape.SequenceEqual(y.shape) || Difference.Of(plain, y) > FarMore, $"{cell} cannot be told from {name}: {Difference.Of(plain, y):g2}");
        }
        Assert.Contains(cell, ran);
        Assert.Empty(Confusable.Where(pair => pair.Cell == cell).Select(pair => pair.Equations).Except(ran));
    }

    [Fact]
    public void Every_variant_has_equations() => Assert.Equal(CellGradientTests.Cells.Keys.Order(), PlainCells.Steps.Keys.Order());

    [Fact]
    public void The_irnn_is_the_relu_rnn_from_an_identity()
    {
        using var scope = NewDisposeScope();
        var kind = CellCatalogue.Of("irnn");
        var cell = kind.NewCell(4);
        var problem = new LayerProblem(new RecurrentLayer(cell, RecurrentParameters.Create(cell, 5, "l0", Initialization.Of(kind), 11, dtype: ScalarType.Float64)), 6, 2);
        var y = problem.ByHand()["y"];
        Same.Within(Rounding, Unroll(PlainCells.Steps["rnn relu"], problem)!, y);
        Assert.True(Difference.Of(Unroll(PlainCells.Steps["rnn tanh"], problem)!, y) > FarMore);
        Same.Exactly(eye(4, dtype: ScalarType.Float64), problem.Layer.Parameters.WeightHh.detach());
    }

    /// <summary>The outputs of a variant's equations with a problem's weights; null where these are of other shapes than it needs.</summary>
    private static Tensor? Unroll(PlainCells.Step step, LayerProblem problem)
    {
        var w = new PlainLayer(problem.Layer);
        var (T, B) = ((int)problem.X.shape[0], (int)problem.X.shape[1]);
        static double[] Row(Tensor x) => x.data<double>().ToArray();
        try
        {
            var rows = new double[T * B][];
            for (var b = 0; b < B; b++)
            {
                // A variant with a c over weights of one without starts from zeros.
                var (h, c) = (Row(problem.S0.H.select(0, b)), problem.S0.C is { } c0 ? Row(c0.select(0, b)) : new double[w.H]);
                for (var t = 0; t < T; t++)
                {
                    (h, c) = step(w, Row(problem.X.select(0, t).select(0, b)), h, c);
                    rows[t * B + b] = h;
                }
            }
            return tensor(rows.SelectMany(row => row).ToArray(), [T, B, rows[0].Length]);
        }
        catch (MisfitException)
        {
            return null;
        }
    }
}
