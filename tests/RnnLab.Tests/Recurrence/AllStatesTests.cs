using RnnLab.Cells;
using RnnLab.Recurrence;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>All states of a recorded sequence.</summary>
public sealed class AllStatesTests
{
    [Theory]
    [InlineData(Kernel.Fast, 0), InlineData(Kernel.Reference, 0), InlineData(Kernel.Fast, 200)]
    public void All_states_are_the_initial_one_and_that_after_each_step(Kernel kernel, int budget)
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(new LstmCell(6), T: 300, B: 9, kernel: kernel);
        using var tape = new Tape(budget == 0 ? TapeMemory.Full : TapeMemory.Budget(budget));
        var (y, sT) = p.Layer.Forward(p.X, p.S0, tape);
        var states = tape.States();
        Same.Exactly(p.S0.H, states.H.select(0, 0));
        Same.Exactly(p.S0.C!, states.C!.select(0, 0));
        Same.Exactly(y, states.H.narrow(0, 1, 300));
        Same.Exactly(sT.C!, states.C!.select(0, 300));
        // Each c from the one before it by a sequence of one step.
        var (_, s8) = p.Layer.Forward(p.X.narrow(0, 7, 1), new(states.H.select(0, 7), states.C!.select(0, 7)));
        Same.Exactly(s8.C!, states.C!.select(0, 8));
    }

    [Fact]
    public void All_states_of_a_stack_are_those_of_its_layers()
    {
        using var scope = NewDisposeScope();
        using var rnn = RecurrentStack.Create(() => new GruCell(4), 3, 2, dtype: ScalarType.Float64);
        using var tape = new StackTape();
        var (y, sT) = rnn.Forward(Draw.Uniform("x", 5, 2, 3), rnn.ZeroState(2), tape);
        using var states = tape.States();
        Assert.Equal(2, states.Layers.Count);
        Same.Exactly(y, states.Layers[1].H.narrow(0, 1, 5));
        Same.Exactly(sT.Layers[0].H, states.Layers[0].H.select(0, 5));
    }
}
