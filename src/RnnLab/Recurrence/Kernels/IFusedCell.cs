using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary>
/// A cell's φ and its adjoint for one vector of units of one row, over the tape's own memory. The equations, and what is equal to what, stand in
/// the cell itself (<see cref="Cells.LstmCell"/> and so on); tests hold the two forms equal.
/// </summary>
internal unsafe interface IFusedCell<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>The layout of its tape rows.</summary>
    static abstract GateSlots Slots { get; }

    /// <summary>Whether there is a c.</summary>
    static abstract bool HasCellState { get; }

    /// <summary>Whether W_hh is a matrix. A diagonal is a weight of the units (<see cref="GateSlots.UnitWeights"/>), which φ and its adjoint multiply with.</summary>
    static abstract bool HasRecurrentProduct { get; }

    /// <summary>Whether h_{t-1} acts on h_t directly, beside the recurrent product.</summary>
    static abstract bool HasDirectPath { get; }

    /// <summary>Whether φ returns m_t, of which h_t = W_hr m_t is made; it stands in the last slot.</summary>
    static abstract bool IsProjected { get; }

    /// <summary>φ: turns the slots' projections into activations, writes c_t and returns h_t, or m_t.</summary>
    /// <param name="z">The row's first slot, at these units.</param>
    /// <param name="slot">From one slot to the next.</param>
    /// <param name="hBefore">h_{t-1} of these units; of no meaning where h is projected.</param>
    /// <param name="cBefore">c_{t-1}.</param>
    /// <param name="c">c_t.</param>
    /// <param name="w">The first of the units' weights, at these units; the next ones are a slot apart.</param>
    static abstract V Forward(T* z, nint slot, T* hBefore, T* cBefore, T* c, T* w);

    /// <summary>The adjoint: turns the activations into the gradients of the projections, and ∂c_t into ∂c_{t-1}.</summary>
    /// <param name="z">As in <see cref="Forward"/>.</param>
    /// <param name="slot">As in <see cref="Forward"/>.</param>
    /// <param name="dh">∂L/∂h_t, all of it, or ∂L/∂m_t.</param>
    /// <param name="hBefore">h_{t-1}.</param>
    /// <param name="h">h_t.</param>
    /// <param name="cBefore">c_{t-1}.</param>
    /// <param name="c">c_t.</param>
    /// <param name="dc">∂L/∂c_t, then ∂L/∂c_{t-1}.</param>
    /// <param name="w">As in <see cref="Forward"/>.</param>
    /// <returns>The direct part of ∂L/∂h_{t-1}, where there is one.</returns>
    static abstract V Adjoint(T* z, nint slot, V dh, T* hBefore, T* h, T* cBefore, T* c, T* dc, T* w);
}
