using RnnLab.Analysis;
using RnnLab.Cells;
using RnnLab.Layers;
using RnnLab.Recurrence;
using RnnLab.Recurrence.Sequences;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;
using Xunit.Abstractions;

namespace RnnLab.Tests.Recurrence;

/// <summary>Stacks: every number of levels, direction, connection, dropout and kind of lengths. The table is the test's output.</summary>
public sealed class StackGradientTableTests(ITestOutputHelper output)
{
    private const int T = 4, B = 3, I = 3, FirstStep = 7;

    private const double DropoutP = 0.4;

    private static readonly (string Name, double P, bool Locked)[] Dropouts = [("none", 0, false), ("dropout", DropoutP, false), ("locked", DropoutP, true)];

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("rnn tanh")]
    [InlineData("lstm projected")]
    public void Outputs_states_and_all_gradients_of_every_stack_equal_autograd_and_central_differences(string cell)
    {
        output.WriteLine("worst difference over outputs, final states and all gradients");
        output.WriteLine($"bounds: autograd {Difference.Autograd:g1}, central differences {Difference.CentralDifferences:g1}");
        output.WriteLine($"{cell,-16}{"levels",8}{"directions",12}{"connection",12}{"dropout",10}{"lengths",10}{"autograd",12}{"differences",14}");
        var wrong = new List<string>();
        foreach (var (levels, both, connection, dropout, hasLengths) in Stacks())
        {
            using var scope = NewDisposeScope();
            using var rnn = RecurrentStack.Create(
                CellGradientTests.Cells[cell], I, levels, dropout.P, seed: 5, dtype: ScalarType.Float64,
                bidirectional: both, connection: connection, lockedDropout: dropout.Locked);
            rnn.train();
            var problem = new StackProblem(rnn, T, B) { Options = new() { FirstStep = FirstStep, Lengths = hasLengths ? SequenceLengths.Of([2, 4, 1]) : null } };
            var byHand = problem.ByHand();
            var autograd = problem.ByAutograd();
            Assert.Equal(autograd.Keys.Order(), byHand.Keys.Order());
            var worst = autograd.Max(p => Difference.Of(byHand[p.Key], p.Value));
            var differences = levels == 2 && both ? FromDifferences(problem, byHand) : 0;
            var row = $"{"",-16}{levels,8}{rnn.Directions,12}{connection,12}{dropout.Name,10}{(hasLengths ? "2 4 1" : "4 4 4"),10}"
                + $"{worst,12:g2}{(differences == 0 ? "" : $"{differences:g2}"),14}";
            output.WriteLine(row);
            if (worst > Difference.Autograd || differences > Difference.CentralDifferences)
                wrong.Add(row);
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData(5, 3)]
    [InlineData(2, 6)]
    public void The_two_directions_of_a_level_may_have_other_widths(int forward, int reverse)
    {
        using var scope = NewDisposeScope();
        RecurrentLayer Layer(int H, long inputs, string name, bool isReverse)
        {
            var cell = new LstmCell(H);
            return new(cell, RecurrentParameters.Create(cell, inputs, name, Initialization.PyTorch, 3, dtype: ScalarType.Float64), isReverse, name: name);
        }
        using var rnn = new RecurrentStack(
        [
            Layer(forward, I, "l0", false), Layer(reverse, I, "l0_reverse", true),
            Layer(reverse, forward + reverse, "l1", false), Layer(forward, forward + reverse, "l1_reverse", true),
        ]);
        var problem = new StackProblem(rnn, T, B);
        Same.Within(Difference.Autograd, problem.ByAutograd(), problem.ByHand());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_residual_level_adds_what_it_is_fed_and_its_dropout_acts_on_the_layers_own_input_only(bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var problem = Connected(StackConnection.Residual, bidirectional);
        var y = problem.X;
        for (var k = 0; k < problem.Rnn.Levels; k++)
            y = k == 0 ? Level(problem, 0, y) : Level(problem, k, y * Mask(k, y)) + y;
        Same.Within(Difference.Autograd, y, Output(problem));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_skip_level_sees_the_input_and_every_level_stands_in_the_output(bool bidirectional)
    {
        using var scope = NewDisposeScope();
        var problem = Connected(StackConnection.Skip, bidirectional);
        var y = new List<Tensor>();
        for (var k = 0; k < problem.Rnn.Levels; k++)
            y.Add(Level(problem, k, k == 0 ? problem.X : cat([y[^1] * Mask(k, y[^1]), problem.X], 2)));
        Same.Within(Difference.Autograd, cat(y, 2), Output(problem));
    }

    private static StackProblem Connected(StackConnection connection, bool bidirectional)
    {
        var rnn = RecurrentStack.Create(() => new GruCell(4), I, 3, DropoutP, seed: 5, dtype: ScalarType.Float64, bidirectional: bidirectional, connection: connection);
        rnn.train();
        return new(rnn, T, B) { Options = new() { FirstStep = FirstStep } };
    }

    private static Tensor Output(StackProblem problem) => problem.Rnn.Forward(problem.X, problem.S0, options: problem.Options).Output;

    /// <summary>The layers of one level, side by side.</summary>
    private static Tensor Level(StackProblem problem, int level, Tensor u)
    {
        var D = problem.Rnn.Directions;
        return cat([.. Enumerable.Range(level * D, D).Select(k => problem.Rnn.Layers[k].Forward(u, problem.S0.Layers[k]).Output)], 2);
    }

    private static Tensor Mask(int level, Tensor y) => new Dropout(DropoutP, 5, $"dropout/l{level}").Mask(y.shape, FirstStep, y.dtype, CPU);

    private static IEnumerable<(int Levels, bool Both, StackConnection Connection, (string Name, double P, bool Locked) Dropout, bool HasLengths)> Stacks()
        => from levels in (int[])[1, 2, 3]
           from both in (bool[])[false, true]
           from connection in Enum.GetValues<StackConnection>()
           from dropout in Dropouts
           from hasLengths in (bool[])[false, true]
           where levels > 1 || dropout.P == 0
           select (levels, both, connection, dropout, hasLengths);

    private static double FromDifferences(StackProblem problem, Dictionary<string, Tensor> gradients)
    {
        var variables = problem.Rnn.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).Append(("dx", problem.X))
            .Concat(problem.S0.Named().Select(s => ($"d{s.Name} at 0", s.Tensor)));
        return SampledDifferences.Worst(problem.Loss, variables, gradients);
    }
}
