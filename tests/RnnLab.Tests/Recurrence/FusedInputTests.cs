using RnnLab.Cells;
using RnnLab.Kernels.Memory;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Kernels;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>What a caller may give the fast form, and what it refuses.</summary>
public sealed class FusedInputTests
{
    public static TheoryData<string, ScalarType> CellsAndTypes => FusedSweep.CellsAndTypes;

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Inputs_states_and_gradients_that_are_not_contiguous_give_the_same_bits(string cell, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var p = FusedSweep.Problem(cell, new(5, 7, 3, 8), dtype);
        var expected = p.ByHand();
        Gradients.Zero(p.Parameters.Select(q => q.Parameter));
        using var tape = new Tape();
        var (y, _) = p.Layer.Forward(Strided(p.X), p.S0.Map(Strided), tape);
        Assert.True(tape.IsFused);
        var (dx, ds0) = p.Layer.Backward(tape, Strided(p.R), p.Rs.Map(Strided));
        Same.Exactly(expected["y"], y);
        Same.Exactly(expected["dx"], dx);
        Same.Exactly(expected["dh_0"], ds0.H);
        foreach (var (name, parameter) in p.Parameters)
            Same.Exactly(expected[name], Gradients.Of(parameter));
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Weights_that_are_transposed_views_give_the_same_numbers(string cell, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var p = FusedSweep.Problem(cell, new(5, 7, 3, 8), dtype);
        var (weights, expected) = (p.Layer.Parameters, p.ByHand());
        foreach (var parameters in new[]
        {
            weights with { WeightIh = StridedParameter(weights.WeightIh) },
            weights with { WeightHh = StridedParameter(weights.WeightHh) },
            weights with { BiasHh = StridedParameter(weights.BiasHh!) },
            weights with { WeightHr = weights.WeightHr is { } hr ? StridedParameter(hr) : null },
            weights with { Own = [.. weights.Own.Select(StridedParameter)] },
        })
        {
            var problem = new LayerProblem(new RecurrentLayer(p.Layer.Cell, parameters), 5, 7);
            Same.Within(FusedSweep.Bound(dtype), expected, problem.ByHand());
        }
    }

    [Theory]
    [MemberData(nameof(CellsAndTypes))]
    public void Gradients_that_are_not_contiguous_receive_the_same_numbers(string cell, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var p = FusedSweep.Problem(cell, new(5, 7, 3, 8), dtype);
        var expected = p.ByHand();
        foreach (var (_, parameter) in p.Parameters)
            parameter.grad = Strided(zeros_like(parameter));
        var actual = p.ByHand();
        Assert.False(Gradients.Of(p.Layer.Parameters.WeightHh).is_contiguous());
        Same.Within(FusedSweep.Bound(dtype), expected, actual);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_leaves_the_tape_for_what_does()
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(new LstmCell(4));
        void Refused(string fragment, Action act)
            => Assert.Contains(fragment, Assert.ThrowsAny<ArgumentException>(act).Message, StringComparison.Ordinal);
        using var tape = new Tape();
        p.Layer.Forward(p.X, p.S0, tape);
        Refused("the tape's forward gave (7, 3, 4)", () => p.Layer.Backward(tape, p.R.transpose(0, 1)));
        Refused("dOutput is Float32", () => p.Layer.Backward(tape, p.R.to(ScalarType.Float32)));
        Refused("state h is (2, 4)", () => p.Layer.Backward(tape, p.R, p.Layer.ZeroState(2)));
        Refused("lacks a c", () => p.Layer.Backward(tape, p.R, new(p.Rs.H)));
        Refused("state c is (3, 5)", () => p.Layer.Backward(tape, p.R, new(p.Rs.H, zeros([3, 5], ScalarType.Float64))));
        Refused("the state is Float32", () => p.Layer.Backward(tape, p.R, p.Rs with { C = p.Rs.C!.to(ScalarType.Float32) }));
        Refused("state c is (3, 5)", () => p.Layer.Forward(p.X, new(p.S0.H, zeros([3, 5], ScalarType.Float64))));
        Refused("has a c", () => new LayerProblem(new GruCell(4)).Layer.Forward(p.X, p.S0));
        Gradients.Zero(p.Parameters.Select(q => q.Parameter));
        var (dx, _) = p.Layer.Backward(tape, p.R, p.Rs);
        Same.Exactly(dx, p.ByHand()["dx"]);
    }

    [Fact]
    public void A_tape_is_refused_after_its_backward()
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(new GruCell(4));
        using var tape = new Tape();
        p.Layer.Forward(p.X, p.S0, tape);
        p.Layer.BackwardToParameters(tape, p.R);
        Refused("run the forward again", () => p.Layer.Backward(tape, p.R));
        Refused("run the forward again", () => p.Layer.Forward(p.X, p.S0, tape));
        Refused("run the forward again", () => tape.StateBefore(0));
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void A_tape_of_another_layer_is_refused(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var (p, other) = (new LayerProblem(new LstmCell(4), kernel: kernel), new LayerProblem(new RnnCell(4), I: 6, kernel: kernel));
        using var tape = new Tape();
        p.Layer.Forward(p.X, p.S0, tape);
        var error = Assert.Throws<ArgumentException>(() => other.Layer.Backward(tape, p.R));
        Assert.Contains("recorded by another layer", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => other.Layer.BeginBackward(tape));
    }

    [Fact]
    public void A_fused_tape_is_not_gone_back_through_step_by_step()
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(new LstmCell(4));
        using var tape = new Tape();
        p.Layer.Forward(p.X, p.S0, tape);
        Refused("go back with Backward", () => p.Layer.BeginBackward(tape));
        p.Layer.Backward(tape, p.R);
    }

    [Fact]
    public void A_sequence_whose_workspace_does_not_fit_into_memory_is_refused_with_what_to_change()
    {
        using var scope = NewDisposeScope();
        // 6.6 TB of tape for half a GB of inputs, which nobody touches.
        var (H, T, B) = (2048, 1 << 24, 8);
        var cell = new LstmCell(H);
        Parameter Zeros(params long[] shape) => new(zeros(shape));
        var layer = new RecurrentLayer(cell, new(Zeros(4 * H, 1), Zeros(4 * H, H), null, null, null, []));
        var (x, free) = (empty(T, B, 1), BufferPool.Shared.FreeBytes);
        using var tape = new Tape();
        var error = Assert.Throws<UserException>(() => layer.Forward(x, layer.ZeroState(B), tape));
        Assert.Matches(@"^a workspace of \d{4}\.\d GB does not fit into the \d+\.\d GB of memory at hand: lower .*sequence length.*batch size.*hidden size", error.Message);
        Assert.Equal(0, tape.Length);
    }

    [Fact]
    public void A_layer_that_is_not_on_the_processor_runs_the_readable_form()
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(new GruCell(4));
        var moved = p.Layer.Parameters with { WeightHh = new Parameter(p.Layer.Parameters.WeightHh.detach().to(new Device(DeviceType.META))) };
        Assert.NotNull(FusedPasses.For(p.Layer.Cell, p.Layer.Parameters));
        Assert.Null(FusedPasses.For(p.Layer.Cell, moved));
    }

    private static void Refused(string fragment, Action act)
        => Assert.Contains(fragment, Assert.Throws<InvalidOperationException>(act).Message, StringComparison.Ordinal);

    /// <summary>The same numbers, every second of a row twice as long.</summary>
    private static Tensor Strided(Tensor x)
    {
        var strided = stack([x, x], -1).select(-1, 0);
        Assert.False(strided.is_contiguous());
        return strided;
    }

    private static Parameter StridedParameter(Tensor x)
    {
        var strided = new Parameter(x.dim() == 2 ? x.detach().t().contiguous().t() : Strided(x.detach()));
        Assert.False(strided.is_contiguous());
        return strided;
    }
}
