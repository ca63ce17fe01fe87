using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary><see cref="Cells.GruCell"/>, with the slots n r z q_n: the first three hold ∂a in the end, the last three ∂q.</summary>
internal readonly unsafe struct FusedGru<S, V, T> : IFusedCell<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    public static GateSlots Slots => GateSlots.Gru;

    public static bool HasCellState => false;

    public static bool HasRecurrentProduct => true;

    public static bool HasDirectPath => true;

    public static bool IsProjected => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward(T* z, nint slot, T* hBefore, T* cBefore, T* c, T* w)
    {
        var r = Activation<S, V, T>.Sigmoid(S.Load(z + slot));
        var update = Activation<S, V, T>.Sigmoid(S.Load(z + 2 * slot));
        var n = Activation<S, V, T>.Tanh(S.MultiplyAdd(r, S.Load(z + 3 * slot), S.Load(z)));
        S.Store(n, z);
        S.Store(r, z + slot);
        S.Store(update, z + 2 * slot);
        return S.MultiplyAdd(update, S.Subtract(S.Load(hBefore), n), n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Adjoint(T* z, nint slot, V dh, T* hBefore, T* h, T* cBefore, T* c, T* dc, T* w)
    {
        V n = S.Load(z), r = S.Load(z + slot), update = S.Load(z + 2 * slot), q_n = S.Load(z + 3 * slot);
        var direct = S.Multiply(dh, update);
        var dn = Slope<S, V, T>.Tanh(S.Subtract(dh, direct), n);
        S.Store(dn, z);
        S.Store(Slope<S, V, T>.Sigmoid(S.Multiply(dn, q_n), r), z + slot);
        S.Store(Slope<S, V, T>.Sigmoid(S.Multiply(dh, S.Subtract(S.Load(hBefore), n)), update), z + 2 * slot);
        S.Store(S.Multiply(dn, r), z + 3 * slot);
        return direct;
    }
}
