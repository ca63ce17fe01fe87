namespace RnnLab.Cells;

/// <summary>The vanilla recurrent cell (Elman 1990).
/// <code>
/// h_t = φ(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)          φ = tanh or relu
/// </code>
/// Adjoint, with z = a + q: ∂z = ∂h ⊙ φ'(z), where tanh' = 1 − h² and relu' = [h &gt; 0]; ∂a = ∂q = ∂z.
/// One gate; the state is h. With relu, W_hh = 1 and biases of 0 it is the IRNN (Le, Jaitly and Hinton 2015), which is a matter of how it starts.
/// </summary>
/// <param name="hiddenSize">H.</param>
/// <param name="nonlinearity">tanh (the default) or relu.</param>
public sealed class RnnCell(long hiddenSize, Nonlinearity nonlinearity = Nonlinearity.Tanh) : OneGateCell(hiddenSize, nonlinearity)
{
    /// <inheritdoc/>
    public override string Name => "rnn";
}
