using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>The runner: tapes, accumulation, chunks and refusals, over any cell.</summary>
public sealed class RecurrentLayerTests
{
    private static LayerProblem Lstm(Kernel kernel = Kernel.Fast) => new(new LstmCell(4), kernel: kernel);

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void Chunked_forward_equals_the_whole(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var p = Lstm(kernel);
        var (whole, end) = p.Layer.Forward(p.X, p.S0);
        var (first, middle) = p.Layer.Forward(p.X.narrow(0, 0, 3), p.S0);
        var (second, last) = p.Layer.Forward(p.X.narrow(0, 3, 4), middle);
        Same.Within(Difference.Autograd, whole, cat([first, second], 0));
        Same.Within(Difference.Autograd, end.C!, last.C!);
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void Two_backwards_of_chunks_with_the_state_gradient_carried_equal_the_whole(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var p = Lstm(kernel);
        var whole = p.ByHand();
        Gradients.Zero(p.Parameters.Select(q => q.Parameter));
        using var early = new Tape();
        using var late = new Tape();
        var (_, middle) = p.Layer.Forward(p.X.narrow(0, 0, 3), p.S0, early);
        p.Layer.Forward(p.X.narrow(0, 3, 4), middle, late);
        var (_, ds) = p.Layer.Backward(late, p.R.narrow(0, 3, 4), p.Rs);
        var (_, ds0) = p.Layer.Backward(early, p.R.narrow(0, 0, 3), ds);
        Same.Within(Difference.Autograd, whole["dc_0"], ds0.C!);
        foreach (var (name, parameter) in p.Parameters)
            Same.Within(Difference.Autograd, whole[name], Gradients.Of(parameter));
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void The_same_layer_runs_twice_with_different_lengths_before_one_backward_each(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var p = Lstm(kernel);
        var parameters = p.Parameters.Select(q => (Tensor)q.Parameter).ToArray();
        // L = Σ R⊙y over the whole and Σ R'⊙y' over the first 4 steps: autograd over both at once.
        var (y, _) = AutogradUnroll.Forward(p.Layer, p.X, p.S0);
        var (y4, _) = AutogradUnroll.Forward(p.Layer, p.X.narrow(0, 0, 4), p.S0);
        var expected = autograd.grad([(p.R * y).sum() + (p.R.narrow(0, 3, 4) * y4).sum()], parameters);

        using var longTape = new Tape();
        using var shortTape = new Tape();
        p.Layer.Forward(p.X, p.S0, longTape);
        p.Layer.Forward(p.X.narrow(0, 0, 4), p.S0, shortTape);
        Gradients.Zero(p.Parameters.Select(q => q.Parameter));
        p.Layer.Backward(longTape, p.R);
        p.Layer.Backward(shortTape, p.R.narrow(0, 3, 4));
        foreach (var ((_, parameter), gradient) in p.Parameters.Zip(expected))
            Same.Within(Difference.Autograd, gradient, Gradients.Of(parameter));
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void Explicit_gradients_accumulate_over_calls_as_autograds_do(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var p = Lstm(kernel);
        var once = p.ByHand();
        using var tape = new Tape();
        p.Layer.Forward(p.X, p.S0, tape);
        p.Layer.Backward(tape, p.R, p.Rs);
        foreach (var (name, parameter) in p.Parameters)
            Same.Within(Difference.Autograd, once[name] * 2, Gradients.Of(parameter));
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void What_the_caller_does_to_the_input_handles_does_not_reach_the_tape(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var p = Lstm(kernel);
        var expected = p.ByHand();
        Gradients.Zero(p.Parameters.Select(q => q.Parameter));
        using var tape = new Tape();
        using (var x = p.X.alias())
        using (var s0 = p.S0.Share())
        {
            var (y, sT) = p.Layer.Forward(x, s0, tape);
            y.zero_();
            sT.H.zero_();
        }
        p.Layer.Backward(tape, p.R, p.Rs);
        foreach (var (name, parameter) in p.Parameters)
            Same.Within(Difference.Autograd, expected[name], Gradients.Of(parameter));
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void A_second_backward_over_a_tape_is_refused(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var p = Lstm(kernel);
        using var tape = new Tape();
        p.Layer.Forward(p.X, p.S0, tape);
        p.Layer.Backward(tape, p.R);
        var error = Assert.Throws<InvalidOperationException>(() => p.Layer.Backward(tape, p.R));
        Assert.Contains("run the forward again", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void A_tape_gives_the_state_before_each_step(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var p = Lstm(kernel);
        using var tape = new Tape();
        var (y, sT) = p.Layer.Forward(p.X, p.S0, tape);
        Same.Exactly(p.S0.C!, tape.StateBefore(0).C!);
        Same.Exactly(y.select(0, 2), tape.StateBefore(3).H);
        Same.Exactly(sT.C!, tape.StateBefore(7).C!);
        Assert.Throws<ArgumentOutOfRangeException>(() => tape.StateBefore(8));
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void Wrong_shapes_are_refused_with_the_shape_that_was_expected(Kernel kernel)
    {
        using var scope = NewDisposeScope();
        var p = Lstm(kernel);
        void Refused(string fragment, Action act) => Assert.Contains(fragment, Assert.ThrowsAny<ArgumentException>(act).Message, StringComparison.Ordinal);
        Refused("expected (T, B, I) with I = 5", () => p.Layer.Forward(zeros([7, 3, 4], ScalarType.Float64), p.S0));
        Refused("no dimension of 0", () => p.Layer.Forward(zeros([0, 3, 5], ScalarType.Float64), p.S0));
        Refused("input is Float32", () => p.Layer.Forward(zeros([7, 3, 5], ScalarType.Float32), p.S0));
        Refused("state h is (2, 4), expected (3, 4)", () => p.Layer.Forward(p.X, p.Layer.ZeroState(2)));
        Refused("lacks a c", () => p.Layer.Forward(p.X, new(p.S0.H)));
        Refused("has a c", () => new LayerProblem(new GruCell(4), kernel: kernel).Layer.Forward(p.X, p.S0));
        Refused("expected (B, I)", () => p.Layer.Step(p.X, p.S0));
        Refused("the state is Float32", () => p.Layer.Forward(p.X, p.S0.Map(s => s.to(ScalarType.Float32))));
        using var tape = new Tape();
        p.Layer.Forward(p.X, p.S0, tape);
        Refused("(7, 3, 4)", () => p.Layer.Backward(tape, p.R.narrow(0, 0, 6)));
        Refused("empty tape", () => p.Layer.Forward(p.X, p.S0, tape));
    }

    [Fact]
    public void A_stepwise_backward_must_go_through_every_step_and_no_more()
    {
        using var scope = NewDisposeScope();
        var p = Lstm();
        using var tape = new Tape();
        p.Layer.Step(p.X.select(0, 0), p.S0, tape);
        using var backward = p.Layer.BeginBackward(tape);
        Assert.Throws<InvalidOperationException>(backward.Finish);
        Assert.ThrowsAny<ArgumentException>(() => backward.Step(p.Layer.ZeroState(4)));
        backward.Step(p.Rs);
        Assert.Throws<InvalidOperationException>(() => backward.Step(p.Rs));
        using var empty = new Tape();
        Assert.Contains("no step", Assert.Throws<InvalidOperationException>(() => p.Layer.BeginBackward(empty)).Message, StringComparison.Ordinal);
        Assert.Contains("no step", Assert.Throws<InvalidOperationException>(() => p.Layer.Backward(empty, p.R)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_may_save_what_it_was_given()
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(new SavingCell(4));
        Same.Within(Difference.Autograd, p.ByAutograd(), p.ByHand());
        Assert.False(p.S0.H.IsInvalid);
        Assert.False(p.X.IsInvalid);
    }

    [Theory]
    [InlineData(Kernel.Fast)]
    [InlineData(Kernel.Reference)]
    public void Nothing_is_left_behind_but_what_the_caller_receives(Kernel kernel)
    {
        var p = Lstm(kernel);
        using (NewDisposeScope())
            p.ByHand(); // makes the gradients, which stay
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++)
        {
            using var scope = NewDisposeScope();
            p.ByHand();
            p.ByHandStepwise();
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    public static TheoryData<string> Cells => [.. CellGradientTests.Cells.Keys];

    [CudaTheory]
    [MemberData(nameof(Cells))]
    public void Passes_by_hand_on_cuda_equal_those_on_the_cpu(string kind)
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(CellGradientTests.Cells[kind]());
        var expected = p.ByHand();
        var cell = p.Layer.Cell;
        var moved = new RecurrentLayer(cell, RecurrentParameters.Create(cell, 5, "l0", Initialization.PyTorch, 11, true, ScalarType.Float64, torch.device("cuda")));
        using var tape = new Tape();
        var (y, s) = moved.Forward(p.X.cuda(), p.S0.Map(s => s.cuda()), tape);
        var (dx, ds0) = moved.Backward(tape, p.R.cuda(), p.Rs.Map(s => s.cuda()));
        Same.Within(Difference.Libtorch64, expected["y"], y.cpu());
        Same.Within(Difference.Libtorch64, expected["dx"], dx.cpu());
        Same.Within(Difference.Libtorch64, expected["h_T"], s.H.cpu());
        Same.Within(Difference.Libtorch64, expected["dh_0"], ds0.H.cpu());
        foreach (var (name, parameter) in moved.Parameters.Named(cell, "l0"))
            Same.Within(Difference.Libtorch64, expected[name], Gradients.Of(parameter).cpu());
    }

    /// <summary>A vanilla cell that saves its arguments.</summary>
    private sealed class SavingCell(long hiddenSize) : Cell(hiddenSize)
    {
        public override string Name => "saving";

        public override int Gates => 1;

        public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
        {
            saved.AddAll(a, q, s.H);
            return new((a + q).tanh());
        }

        public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
        {
            var dz = Derivative.Tanh(ds.H, (saved[0] + saved[1]).tanh());
            return new(dz, dz);
        }
    }
}
