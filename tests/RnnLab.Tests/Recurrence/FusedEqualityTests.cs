using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Kernels;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>A layer's fused passes, as a caller has them, against the readable form.</summary>
public sealed class FusedEqualityTests
{
    public static TheoryData<string, ScalarType> CellsAndTypes => FusedSweep.CellsAndTypes;

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Forward_and_every_gradient_equal_the_readable_form_at_odd_sizes(string cell, ScalarType dtype)
        => Equal(cell, dtype, FusedSweep.Shapes);

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Forward_and_every_gradient_equal_the_readable_form_over_many_steps_and_rows(string cell, ScalarType dtype)
        => Equal(cell, dtype, [new(1000, 2, 3, 8), new(3, 300, 5, 9), new(90, 7, 40, 31)]);

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Passes_without_biases_equal_the_readable_form(string cell, ScalarType dtype)
        => Equal(cell, dtype, FusedSweep.Shapes.Where((_, k) => k % 6 == 0), bias: false);

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Passes_with_one_of_the_biases_equal_the_readable_form(string cell, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var whole = FusedSweep.Problem(cell, new(5, 7, 3, 33), dtype).Layer;
        foreach (var parameters in new[] { whole.Parameters with { BiasHh = null }, whole.Parameters with { BiasIh = null } })
        {
            var problem = new LayerProblem(new RecurrentLayer(whole.Cell, parameters), 5, 7);
            FusedSweep.RequireNone(FusedSweep.Differences(cell, problem, problem.ByHand(Kernel.Fast)));
        }
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void A_pass_that_records_nothing_gives_the_same_bits(string cell, ScalarType dtype)
    {
        foreach (var shape in FusedSweep.Shapes)
        {
            using var scope = NewDisposeScope();
            var p = FusedSweep.Problem(cell, shape, dtype);
            using var tape = new Tape();
            var (expected, actual) = (p.Layer.Forward(p.X, p.S0, tape), p.Layer.Forward(p.X, p.S0));
            Same.Exactly(expected.Output, actual.Output);
            Same.Exactly(expected.State.H, actual.State.H);
            if (expected.State.C is { } c)
                Same.Exactly(c, actual.State.C!);
        }
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void No_gradient_of_the_last_state_counts_as_zeros(string cell, ScalarType dtype)
    {
        foreach (var shape in FusedSweep.Shapes.Where((_, k) => k % 5 == 0))
        {
            using var scope = NewDisposeScope();
            var p = FusedSweep.Problem(cell, shape, dtype);
            var expected = Gradients(p, tape => p.Layer.Backward(tape, p.R, p.Rs.Map(s => zeros_like(s))));
            SameBits(expected, Gradients(p, tape => p.Layer.Backward(tape, p.R)));
        }
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void A_backward_to_the_parameters_alone_gives_their_same_gradients(string cell, ScalarType dtype)
    {
        foreach (var shape in FusedSweep.Shapes.Where((_, k) => k % 5 == 0))
        {
            using var scope = NewDisposeScope();
            var p = FusedSweep.Problem(cell, shape, dtype);
            var expected = Gradients(p, tape => p.Layer.Backward(tape, p.R, p.Rs));
            var actual = Gradients(p, tape => (null, p.Layer.BackwardToParameters(tape, p.R, p.Rs)));
            expected.Remove("dx");
            SameBits(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Gradients_are_added_to_what_is_there(string cell, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var p = FusedSweep.Problem(cell, new(9, 8, 7, 33), dtype);
        var once = p.ByHand();
        using var tape = new Tape();
        p.Layer.Forward(p.X, p.S0, tape);
        p.Layer.Backward(tape, p.R, p.Rs);
        foreach (var (name, parameter) in p.Parameters)
            Same.Within(FusedSweep.Bound(dtype), once[name] * 2, RnnLab.Layers.Gradients.Of(parameter));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void These_cells_have_fused_passes_and_others_do_not(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var (name, cell) in FusedSweep.Cells.Select(p => (p.Key, p.Value(4))))
        {
            var problem = new LayerProblem(cell, dtype: dtype);
            Assert.True(FusedPasses.Has(cell) && FusedPasses.For(cell, problem.Layer.Parameters) is not null && RunsFused(problem), name);
        }
        foreach (var cell in new Cell[] { new GruResetBeforeCell(4), new MguCell(4), new LayerNormLstmCell(4), new DeepTransitionCell(4, 2) })
            Assert.False(FusedPasses.Has(cell) || RunsFused(new LayerProblem(cell, dtype: dtype)), cell.Name);
        Assert.False(RunsFused(new LayerProblem(new GruCell(4), dtype: dtype, kernel: Kernel.Reference)));
    }

    private static bool RunsFused(LayerProblem p)
    {
        using var tape = new Tape();
        p.Layer.Forward(p.X, p.S0, tape);
        return tape.IsFused;
    }

    private static void Equal(string cell, ScalarType dtype, IEnumerable<LayerShape> shapes, bool bias = true)
    {
        var differences = new List<string>();
        foreach (var shape in shapes)
        {
            using var scope = NewDisposeScope();
            var problem = FusedSweep.Problem(cell, shape, dtype, bias);
            differences.AddRange(FusedSweep.Differences($"{shape}", problem, problem.ByHand(Kernel.Fast)));
        }
        FusedSweep.RequireNone(differences);
    }

    private static Dictionary<string, Tensor> Gradients(LayerProblem p, Func<Tape, (Tensor? Dx, CellState Ds0)> backward)
    {
        RnnLab.Layers.Gradients.Zero(p.Parameters.Select(q => q.Parameter));
        using var tape = new Tape();
        p.Layer.Forward(p.X, p.S0, tape);
        var (dx, ds0) = backward(tape);
        var all = p.Parameters.ToDictionary(q => q.Name, q => RnnLab.Layers.Gradients.Of(q.Parameter).clone());
        all["dh_0"] = ds0.H;
        if (ds0.C is { } dc0)
            all["dc_0"] = dc0;
        if (dx is not null)
            all["dx"] = dx;
        return all;
    }

    private static void SameBits(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (name, tensor) in expected)
            Same.Exactly(tensor, actual[name]);
    }
}
