using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>Single steps of a stack, forward and back, against the sequence call over the same inputs.</summary>
public sealed class StackStepsTests
{
    private const int T = 5, B = 3, I = 3;

    private const long FirstStep = 7;

    public static TheoryData<string, StackConnection> CellsAndConnections
        => Each.Of(["rnn tanh", "indrnn tanh", "rnn deep transition", "lstm", "lstm projected", "lstm peephole", "gru", "gru reset before", "lstm layer norm"], Enum.GetValues<StackConnection>());

    private static StackProblem Problem(
        string cell, StackConnection connection = StackConnection.None, int levels = 2, double dropout = 0, bool locked = false, RecurrentRegularization? regularization = null)
    {
        var rnn = RecurrentStack.Create(
            CellGradientTests.Cells[cell], I, levels, dropout, seed: 5, dtype: ScalarType.Float64, connection: connection, lockedDropout: locked, regularization: regularization);
        rnn.train();
        return new(rnn, T, B) { Options = new() { FirstStep = FirstStep } };
    }

    [Theory]
    [MemberData(nameof(CellsAndConnections))]
    public void Steps_equal_the_sequence_for_every_connection_and_dropout(string cell, StackConnection connection)
    {
        foreach (var levels in (int[])[1, 3])
            foreach (var (dropout, locked) in ((double, bool)[])[(0, false), (0.4, false), (0.4, true)])
            {
                using var scope = NewDisposeScope();
                var problem = Problem(cell, connection, levels, dropout, locked);
                Same.Within(Difference.Autograd, problem.ByHand(), problem.ByHandStepwise());
            }
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("lstm projected")]
    [InlineData("gru reset before")]
    [InlineData("rnn tanh")]
    public void Steps_equal_the_sequence_under_everything_that_acts_on_the_recurrence(string cell)
    {
        var hasC = CellGradientTests.Cells[cell]().HasCellState;
        var zoneout = new RecurrentRegularization { ZoneoutH = 0.3, ZoneoutC = hasC ? 0.4 : 0 };
        foreach (var regularization in (RecurrentRegularization[])
            [new() { RecurrentDropout = 0.4 }, new() { WeightDrop = 0.4 }, zoneout, zoneout with { RecurrentDropout = 0.3, WeightDrop = 0.2 }])
            foreach (var training in (bool[])[true, false])
            {
                using var scope = NewDisposeScope();
                var problem = Problem(cell, dropout: 0.3, regularization: regularization);
                problem.Rnn.train(training);
                Same.Within(Difference.Autograd, problem.ByHand(), problem.ByHandStepwise());
            }
    }

    [Fact]
    public void All_gradients_of_single_steps_equal_autograd_and_central_differences()
    {
        using var scope = NewDisposeScope();
        var problem = Problem("lstm", StackConnection.Skip, 2, dropout: 0.3, regularization: new() { WeightDrop = 0.2, ZoneoutH = 0.3 });
        var byHand = problem.ByHandStepwise();
        Same.Within(Difference.Autograd, problem.ByAutograd(), byHand);
        var variables = problem.Rnn.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Append(("dx", problem.X))
            .Concat(problem.S0.Named().Select(s => ($"d{s.Name} at 0", s.Tensor)));
        Assert.InRange(SampledDifferences.Worst(problem.Loss, variables, byHand), 0, Difference.CentralDifferences);
    }

    [Fact]
    public void Gradients_that_reach_the_states_of_any_step_are_taken_along()
    {
        using var scope = NewDisposeScope();
        var problem = Problem("lstm");
        var (rnn, at) = (problem.Rnn, 2);
        var leaf = problem.X.clone().requires_grad_();
        var (head, sAt) = AutogradUnroll.Forward(rnn, leaf.narrow(0, 0, at + 1), problem.S0);
        var (tail, _) = AutogradUnroll.Forward(rnn, leaf.narrow(0, at + 1, T - at - 1), sAt);
        var loss = (cat([head, tail], 0) * problem.R).sum() + sAt.Named().Zip(problem.Rs.Named(), (s, r) => (s.Tensor * r.Tensor).sum()).Aggregate((a, b) => a + b);
        var expected = autograd.grad([loss], [leaf])[0];
        using var steps = rnn.BeginSteps(problem.S0, record: true);
        for (var t = 0; t < T; t++)
            steps.Step(problem.X.select(0, t));
        var dx = new Tensor[T];
        for (var t = T - 1; t >= 0; t--)
            dx[t] = steps.StepBackward(problem.R.select(0, t), t == at ? problem.Rs : null);
        Same.Within(Difference.Autograd, expected, stack(dx));
    }

    [Fact]
    public void Without_a_record_the_outputs_are_the_same_and_the_callers_own()
    {
        using var scope = NewDisposeScope();
        foreach (var connection in Enum.GetValues<StackConnection>())
        {
            var problem = Problem("gru", connection, dropout: 0.4);
            var (expected, sT) = problem.Rnn.Forward(problem.X, problem.S0, options: problem.Options);
            using var steps = problem.Rnn.BeginSteps(problem.S0, record: false, FirstStep);
            for (var t = 0; t < T; t++)
            {
                var y = steps.Step(problem.X.select(0, t));
                Same.Within(Difference.Autograd, expected.select(0, t), y);
                y.zero_();
            }
            foreach (var ((_, own), (_, ours)) in sT.Named().Zip(steps.State.Named()))
                Same.Within(Difference.Autograd, own, ours);
        }
    }

    [Fact]
    public void Nothing_is_left_behind_in_memory()
    {
        var problem = Problem("lstm", StackConnection.Residual, dropout: 0.3, regularization: new() { WeightDrop = 0.2, RecurrentDropout = 0.2, ZoneoutC = 0.1 });
        using (NewDisposeScope())
            problem.ByHandStepwise();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
            problem.ByHandStepwise();
        Assert.Equal(before, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void What_cannot_be_done_is_refused()
    {
        using var scope = NewDisposeScope();
        var p = Problem("lstm");
        var (x, dy) = (p.X.select(0, 0), p.R.select(0, 0));
        using var both = RecurrentStack.Create(() => new GruCell(4), I, bidirectional: true);
        Refused<InvalidOperationException>("a bidirectional stack has no single step", () => both.BeginSteps(both.ZeroState(B), record: true));
        Refused<ArgumentException>("the state has 1 layers, the stack 2", () => p.Rnn.BeginSteps(new([p.S0.Layers[0]]), record: true));
        using var quick = p.Rnn.BeginSteps(p.S0, record: false);
        quick.Step(x);
        Refused<InvalidOperationException>("begun without a record", () => quick.StepBackward(dy));
        Refused<InvalidOperationException>("begun without a record", () => quick.Finish());
        using var steps = p.Rnn.BeginSteps(p.S0, record: true);
        Refused<InvalidOperationException>("no step has been taken yet", () => steps.Finish());
        Refused<ArgumentException>("expected (B, I)", () => steps.Step(p.X));
        Refused<ArgumentException>("input is of a batch of 2, the states are of 3", () => steps.Step(x.narrow(0, 0, 2)));
        steps.Step(x);
        steps.Step(x);
        Refused<ArgumentException>("dOutput is (2, ", () => steps.StepBackward(dy.narrow(0, 0, 2)));
        Refused<ArgumentException>("the state has 1 layers", () => steps.StepBackward(dy, new([p.Rs.Layers[0]])));
        steps.StepBackward(dy);
        Refused<InvalidOperationException>("once the backward has begun", () => steps.Step(x));
        Refused<InvalidOperationException>("1 steps have not been gone back through", () => steps.Finish());
        steps.StepBackward(dy);
        Refused<InvalidOperationException>("every step has been gone back through", () => steps.StepBackward(dy));
        steps.Finish();
        Refused<InvalidOperationException>("begin new ones", () => steps.Finish());
        Refused<InvalidOperationException>("begin new ones", () => steps.Step(x));
    }

    private static void Refused<T>(string message, Action act) where T : Exception
        => Assert.Contains(message, Assert.ThrowsAny<T>(act).Message, StringComparison.Ordinal);
}
