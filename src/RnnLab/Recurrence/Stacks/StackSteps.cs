namespace RnnLab.Recurrence;

/// <summary>
/// A stack of one direction, step by step, for decoders whose next input depends on the last output. In training the masks are those of <see cref="RecurrentStack.Forward"/> over the
/// same steps. With a record, every <see cref="Step"/> is gone back through by a <see cref="StepBackward"/>, from the last to the first, then <see cref="Finish"/>.
/// </summary>
public sealed class StackSteps : IDisposable
{
    internal StackSteps(RecurrentStack stack, RecurrentState s0, bool record, long firstStep) => throw new NotImplementedException();

    /// <summary>The layers' states after the latest step: views, this object's own.</summary>
    public RecurrentState State => throw new NotImplementedException();

    /// <summary>The output (B, O) of the next step, of input x (B, I).</summary>
    public Tensor Step(Tensor x) => throw new NotImplementedException();

    /// <summary>Goes back through the latest step not yet gone back through.</summary>
    /// <param name="dOutput">∂L/∂output (B, O).</param>
    /// <param name="dState">What reaches the states after this step otherwise than through its output and the next step: ∂L/∂ of the final states, at the last step. Null for none.</param>
    /// <returns>∂L/∂x (B, I).</returns>
    public Tensor StepBackward(Tensor dOutput, RecurrentState? dState = null) => throw new NotImplementedException();

    /// <summary>Adds the gradients of all parameters, and gives ∂L/∂s_0 of every layer. All steps must have been gone back through.</summary>
    public RecurrentState Finish() => throw new NotImplementedException();

    /// <summary>Frees what it holds.</summary>
    public void Dispose() => throw new NotImplementedException();
}
