namespace RnnLab.Cells;

/// <summary>The independently recurrent network (Li et al. 2018): each unit sees its own past alone, so that its gradient through time is a product of numbers.
/// <code>
/// h_t = φ(W_ih x_t + b_ih + w_hh ⊙ h_{t-1} + b_hh)          w_hh (H), φ = relu or tanh
/// </code>
/// Adjoint, with z = a + q: ∂z = ∂h ⊙ φ'(z); ∂a = ∂q = ∂z; the runner's ∂h_{t-1} = ∂z ⊙ w_hh and ∂w_hh = Σ ∂z ⊙ h_{t-1}.
/// One gate; the state is h. Unless an initialisation says otherwise w_hh starts in (0, 1], as in the paper. Deviation from it: the training does not clip
/// |w_hh| to 2^(1/T) afterwards, and there is one bias more.
/// </summary>
/// <param name="hiddenSize">H.</param>
/// <param name="nonlinearity">relu (the default, as in the paper) or tanh.</param>
public sealed class IndRnnCell(long hiddenSize, Nonlinearity nonlinearity = Nonlinearity.Relu) : OneGateCell(hiddenSize, nonlinearity)
{
    /// <inheritdoc/>
    public override string Name => "indrnn";

    /// <inheritdoc/>
    public override RecurrentWeight RecurrentWeight => RecurrentWeight.Diagonal;
}
