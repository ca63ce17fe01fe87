using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary><see cref="Cells.IndRnnCell"/>: w_hh is a weight of the units, and what goes back to h_{t-1} goes directly.</summary>
internal readonly unsafe struct FusedIndRnn<S, V, T, A> : IFusedCell<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
    where A : struct, IActivation<S, V, T>
{
    public static GateSlots Slots => GateSlots.IndRnn;

    public static bool HasCellState => false;

    public static bool HasRecurrentProduct => false;

    public static bool HasDirectPath => true;

    public static bool IsProjected => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward(T* z, nint slot, T* hBefore, T* cBefore, T* c, T* w) => A.Value(S.MultiplyAdd(S.Load(w), S.Load(hBefore), S.Load(z)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Adjoint(T* z, nint slot, V dh, T* hBefore, T* h, T* cBefore, T* c, T* dc, T* w)
    {
        var dz = A.Adjoint(dh, S.Load(h));
        S.Store(dz, z);
        return S.Multiply(dz, S.Load(w));
    }
}
