using RnnLab.Recurrence;

namespace RnnLab.Models;

/// <summary>A recurrence that has been run over a window's steps.</summary>
internal interface IWindowTape : IDisposable
{
    /// <summary>The state before step t, 0 ≤ t ≤ T, as a copy.</summary>
    RecurrentState StateBefore(int t);

    /// <summary>Adds the gradients of the recurrence's parameters, once, from ∂L/∂h (T, B, O), and gives ∂L/∂x (T, B, I) where it is asked for.</summary>
    Tensor? Backward(Tensor dh, bool wantDx);
}

/// <summary>Over inputs that were known ahead.</summary>
internal sealed class SequenceWindowTape(RecurrentStack rnn, StackTape tape) : IWindowTape
{
    public RecurrentState StateBefore(int t) => tape.StateBefore(t);

    public Tensor? Backward(Tensor dh, bool wantDx)
    {
        if (wantDx)
            return rnn.Backward(tape, dh).Dx;
        rnn.BackwardToParameters(tape, dh);
        return null;
    }

    public void Dispose() => tape.Dispose();
}
