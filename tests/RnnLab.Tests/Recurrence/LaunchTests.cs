using RnnLab.Recurrence;
using RnnLab.Tests.Cells;
using RnnLab.Tests.Support;

namespace RnnLab.Tests.Recurrence;

/// <summary>What a device has to launch for a step of the readable form, which is the form that runs there.</summary>
public sealed class LaunchTests
{
    [OperatorTheory]
    [InlineData("lstm", 10, 14)]
    [InlineData("gru", 9, 15)]
    [InlineData("rnn tanh", 4, 4)]
    [InlineData("rnn relu", 4, 4)]
    public void A_step_launches_at_most(string cell, int forward, int backward)
    {
        var (few, many) = (Launches(cell, 4), Launches(cell, 8));
        Assert.InRange((many.Forward - few.Forward) / 4.0, 1, forward);
        Assert.InRange((many.Backward - few.Backward) / 4.0, 1, backward);
    }

    private static (int Forward, int Backward) Launches(string cell, long T)
    {
        using var scope = NewDisposeScope();
        var p = new LayerProblem(CellGradientTests.Cells[cell](), T, kernel: Kernel.Reference);
        using var tape = new Tape();
        var forward = Operators.Of(() => p.Layer.Forward(p.X, p.S0, tape));
        var backward = Operators.Of(() => p.Layer.Backward(tape, p.R, p.Rs));
        Assert.Empty(Operators.Waiting([.. forward, .. backward]));
        return (Operators.Launches(forward), Operators.Launches(backward));
    }
}
