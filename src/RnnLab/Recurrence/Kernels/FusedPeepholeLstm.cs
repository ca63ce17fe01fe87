using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary><see cref="Cells.PeepholeLstmCell"/>; its peepholes p_i p_f p_o are weights of the units. tanh(c_t) is taken again in the adjoint.</summary>
internal readonly unsafe struct FusedPeepholeLstm<S, V, T> : IFusedCell<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    public static GateSlots Slots => GateSlots.PeepholeLstm;

    public static bool HasCellState => true;

    public static bool HasRecurrentProduct => true;

    public static bool HasDirectPath => false;

    public static bool IsProjected => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward(T* z, nint slot, T* hBefore, T* cBefore, T* c, T* w)
    {
        V before = S.Load(cBefore), p_i = S.Load(w), p_f = S.Load(w + slot), p_o = S.Load(w + 2 * slot);
        var i = Activation<S, V, T>.Sigmoid(S.MultiplyAdd(p_i, before, S.Load(z)));
        var f = Activation<S, V, T>.Sigmoid(S.MultiplyAdd(p_f, before, S.Load(z + slot)));
        var g = Activation<S, V, T>.Tanh(S.Load(z + 2 * slot));
        var after = S.MultiplyAdd(f, before, S.Multiply(i, g));
        var o = Activation<S, V, T>.Sigmoid(S.MultiplyAdd(p_o, after, S.Load(z + 3 * slot)));
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
        V i = S.Load(z), f = S.Load(z + slot), g = S.Load(z + 2 * slot), o = S.Load(z + 3 * slot), tanh_c = Activation<S, V, T>.Tanh(S.Load(c));
        var dz_o = Slope<S, V, T>.Sigmoid(S.Multiply(dh, tanh_c), o);
        var dcAll = S.MultiplyAdd(dz_o, S.Load(w + 2 * slot), S.Add(S.Load(dc), Slope<S, V, T>.Tanh(S.Multiply(dh, o), tanh_c)));
        var dz_i = Slope<S, V, T>.Sigmoid(S.Multiply(dcAll, g), i);
        var dz_f = Slope<S, V, T>.Sigmoid(S.Multiply(dcAll, S.Load(cBefore)), f);
        S.Store(dz_i, z);
        S.Store(dz_f, z + slot);
        S.Store(Slope<S, V, T>.Tanh(S.Multiply(dcAll, i), g), z + 2 * slot);
        S.Store(dz_o, z + 3 * slot);
        S.Store(S.MultiplyAdd(dz_f, S.Load(w + slot), S.MultiplyAdd(dz_i, S.Load(w), S.Multiply(dcAll, f))), dc);
        return default;
    }
}
