using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary><see cref="Cells.LstmCell"/> with a projection: <see cref="FusedLstm{S, V, T}"/> whose h is m, kept in a fifth slot for ∂W_hr = Σ ∂h mᵀ.</summary>
internal readonly unsafe struct FusedProjectedLstm<S, V, T> : IFusedCell<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    public static GateSlots Slots => GateSlots.ProjectedLstm;

    public static bool HasCellState => FusedLstm<S, V, T>.HasCellState;

    public static bool HasRecurrentProduct => FusedLstm<S, V, T>.HasRecurrentProduct;

    public static bool HasDirectPath => FusedLstm<S, V, T>.HasDirectPath;

    public static bool IsProjected => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward(T* z, nint slot, T* hBefore, T* cBefore, T* c, T* w)
    {
        var m = FusedLstm<S, V, T>.Forward(z, slot, hBefore, cBefore, c, w);
        S.Store(m, z + 4 * slot);
        return m;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Adjoint(T* z, nint slot, V dh, T* hBefore, T* h, T* cBefore, T* c, T* dc, T* w)
        => FusedLstm<S, V, T>.Adjoint(z, slot, dh, hBefore, h, cBefore, c, dc, w);
}
