namespace RnnLab.Cells;

/// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997) with a forget gate (Gers et al. 2000), as in PyTorch.
/// <code>
/// z = a + q = W_ih x_t + b_ih + W_hh h_{t-1} + b_hh        (B, 4H), columns i f g o
/// i = σ(z_i)   f = σ(z_f)   g = tanh(z_g)   o = σ(z_o)
/// c_t = f ⊙ c_{t-1} + i ⊙ g
/// h_t = o ⊙ tanh(c_t)
/// </code>
/// Adjoint, given ∂h and ∂c of step t:
/// <code>
/// ∂o = ∂h ⊙ tanh(c_t)          ∂c ← ∂c + ∂h ⊙ o ⊙ (1 − tanh²(c_t))
/// ∂i = ∂c ⊙ g    ∂f = ∂c ⊙ c_{t-1}    ∂g = ∂c ⊙ i    ∂c_{t-1} = ∂c ⊙ f
/// ∂z = (∂i ⊙ i(1−i), ∂f ⊙ f(1−f), ∂g ⊙ (1−g²), ∂o ⊙ o(1−o))          ∂a = ∂q = ∂z
/// </code>
/// Each product of a gate and its own gradient serves more than once: e_i = ∂i ⊙ i = ∂g ⊙ g,  e_f = ∂f ⊙ f = ∂c_{t-1} ⊙ c_{t-1},  e_o = ∂o ⊙ o = ∂h ⊙ h_t, so that
/// <code>
/// ∂c ← ∂c + ∂h ⊙ o − e_o ⊙ tanh(c_t)          ∂z = (e_i − e_i ⊙ i, e_f − e_f ⊙ f, ∂g − e_i ⊙ g, e_o − e_o ⊙ o)
/// </code>
/// Four gates in PyTorch's order i f g o (many texts write i f o g); the state is (h, c).
/// </summary>
/// <param name="hiddenSize">H.</param>
/// <param name="projectionSize">P of the projected LSTM (LSTMP, Sak et al. 2014): h_t = W_hr (o ⊙ tanh(c_t)); 0 for none.</param>
public sealed class LstmCell(long hiddenSize, long projectionSize = 0) : Cell(hiddenSize)
{
    // Made once: a Scalar is a native object in TorchSharp.
    private static readonly Scalar One = 1.0, Minus = -1.0;

    /// <inheritdoc/>
    public override string Name => "lstm";

    /// <inheritdoc/>
    public override int Gates => 4;

    /// <inheritdoc/>
    public override bool HasCellState => true;

    /// <inheritdoc/>
    public override int? ForgetGate => 1;

    /// <inheritdoc/>
    public override int? InputGate => 0;

    /// <inheritdoc/>
    public override long ProjectionSize { get; } = projectionSize >= 0 && projectionSize < hiddenSize
        ? projectionSize
        : throw new ArgumentOutOfRangeException(nameof(projectionSize), projectionSize, "proj_size must be from 0 to hidden_size - 1");

    /// <inheritdoc/>
    public override CellState Phi(Tensor a, Tensor q, CellState s, IReadOnlyList<Tensor> own, IList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(s);
        ArgumentNullException.ThrowIfNull(saved);
        var z = a + q;
        var i_and_f = z.narrow(1, 0, 2 * HiddenSize).sigmoid(); // neighbours: one operation for both
        var (i, f) = (Gate(i_and_f, 0), Gate(i_and_f, 1));
        var g = Gate(z, 2).tanh();
        var o = Gate(z, 3).sigmoid();
        var c = (f * s.C!).addcmul(i, g, One);
        var tanh_c = c.tanh();
        saved.AddAll(i, f, g, o, tanh_c);
        return new(o * tanh_c, c);
    }

    /// <inheritdoc/>
    public override PhiGradient PhiAdjoint(CellState ds, CellState before, CellState after, IReadOnlyList<Tensor> own, IReadOnlyList<Tensor> saved)
    {
        ArgumentNullException.ThrowIfNull(ds);
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (i, f, g, o, tanh_c) = saved.Five();
        var dh = ds.H;
        var e_o = dh * after.H;
        var dc = ds.C!.addcmul(dh, o, One).addcmul(e_o, tanh_c, Minus);
        var (dg, dc_prev) = (dc * i, dc * f);
        var (e_i, e_f) = (dg * g, dc_prev * before.C!);
        var dz = cat([
            Derivative.OfProduct(e_i, i),
            Derivative.OfProduct(e_f, f),
            dg.addcmul(e_i, g, Minus),
            Derivative.OfProduct(e_o, o),
        ], 1);
        return new(dz, dz, Dc: dc_prev);
    }
}
