using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary><see cref="Cells.LstmCell"/> without a projection. tanh(c_t) is taken again in the adjoint and not kept: the tape is a seventh smaller.</summary>
internal readonly unsafe struct FusedLstm<S, V, T> : IFusedCell<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    public static GateSlots Slots => GateSlots.Lstm;

    public static bool HasCellState => true;

    public static bool HasRecurrentProduct => true;

    public static bool HasDirectPath => false;

    public static bool IsProjected => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward(T* z, nint slot, T* hBefore, T* cBefore, T* c, T* w)
    {
        var i = Activation<S, V, T>.Sigmoid(S.Load(z));
        var f = Activation<S, V, T>.Sigmoid(S.Load(z + slot));
        var g = Activation<S, V, T>.Tanh(S.Load(z + 2 * slot));
        var o = Activation<S, V, T>.Sigmoid(S.Load(z + 3 * slot));
        var after = S.MultiplyAdd(f, S.Load(cBefore), S.Multiply(i, g));
        S.Store(i, z);
        S.Store(f, z + slot);
        S.Store(g, z + 2 * slot);
        S.Store(o, z + 3 * slot);
        S.Store(after, c);
        return S.Multiply(o, Activation<S, V, T>.Tanh(after));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Adjoint(T* z, nint slot, V dh, T* hBefore, T* h, T* cBefore, T* c, T* dc, T* w)
    {
        V i = S.Load(z), f = S.Load(z + slot), g = S.Load(z + 2 * slot), o = S.Load(z + 3 * slot);
        var tanh_c = Activation<S, V, T>.Tanh(S.Load(c));
        var dcAll = S.Add(S.Load(dc), Slope<S, V, T>.Tanh(S.Multiply(dh, o), tanh_c));
        S.Store(Slope<S, V, T>.Sigmoid(S.Multiply(dcAll, g), i), z);
        S.Store(Slope<S, V, T>.Sigmoid(S.Multiply(dcAll, S.Load(cBefore)), f), z + slot);
        S.Store(Slope<S, V, T>.Tanh(S.Multiply(dcAll, i), g), z + 2 * slot);
        S.Store(Slope<S, V, T>.Sigmoid(S.Multiply(dh, tanh_c), o), z + 3 * slot);
        S.Store(S.Multiply(dcAll, f), dc);
        return default;
    }
}
