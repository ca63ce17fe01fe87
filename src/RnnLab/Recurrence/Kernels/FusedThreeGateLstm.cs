using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary>How c_t comes from c_{t-1}, the new content g and one gate u.</summary>
internal interface ICellUpdate<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>c_t.</summary>
    static abstract V Value(V u, V g, V before);

    /// <summary>∂L/∂c_{t-1} from dc = ∂L/∂c_t, and the gradients of u and g.</summary>
    static abstract V Adjoint(V dc, V u, V g, V before, out V du, out V dg);
}

/// <summary>c_t = u ⊙ c_{t-1} + (1 − u) ⊙ g, of <see cref="Cells.CoupledLstmCell"/>: u forgets.</summary>
internal readonly struct CoupledUpdate<S, V, T> : ICellUpdate<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value(V u, V g, V before) => S.MultiplyAdd(u, S.Subtract(before, g), g);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Adjoint(V dc, V u, V g, V before, out V du, out V dg)
    {
        var kept = S.Multiply(dc, u);
        (du, dg) = (S.Multiply(dc, S.Subtract(before, g)), S.Subtract(dc, kept));
        return kept;
    }
}

/// <summary>c_t = c_{t-1} + u ⊙ g, of <see cref="Cells.Lstm1997Cell"/>: u lets in.</summary>
internal readonly struct CarouselUpdate<S, V, T> : ICellUpdate<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value(V u, V g, V before) => S.MultiplyAdd(u, g, before);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Adjoint(V dc, V u, V g, V before, out V du, out V dg)
    {
        (du, dg) = (S.Multiply(dc, g), S.Multiply(dc, u));
        return dc;
    }
}

/// <summary>The LSTMs of three gates, with the slots u g o; tanh(c_t) is taken again in the adjoint, as in <see cref="FusedLstm{S, V, T}"/>.</summary>
internal readonly unsafe struct FusedThreeGateLstm<S, V, T, U> : IFusedCell<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
    where U : struct, ICellUpdate<S, V, T>
{
    public static GateSlots Slots => GateSlots.ThreeGateLstm;

    public static bool HasCellState => true;

    public static bool HasRecurrentProduct => true;

    public static bool HasDirectPath => false;

    public static bool IsProjected => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward(T* z, nint slot, T* hBefore, T* cBefore, T* c, T* w)
    {
        var u = Activation<S, V, T>.Sigmoid(S.Load(z));
        var g = Activation<S, V, T>.Tanh(S.Load(z + slot));
        var o = Activation<S, V, T>.Sigmoid(S.Load(z + 2 * slot));
        var after = U.Value(u, g, S.Load(cBefore));
        S.Store(u, z);
        S.Store(g, z + slot);
        S.Store(o, z + 2 * slot);
        S.Store(after, c);
        return S.Multiply(o, Activation<S, V, T>.Tanh(after));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Adjoint(T* z, nint slot, V dh, T* hBefore, T* h, T* cBefore, T* c, T* dc, T* w)
    {
        V u = S.Load(z), g = S.Load(z + slot), o = S.Load(z + 2 * slot), tanh_c = Activation<S, V, T>.Tanh(S.Load(c));
        var dcAll = S.Add(S.Load(dc), Slope<S, V, T>.Tanh(S.Multiply(dh, o), tanh_c));
        S.Store(U.Adjoint(dcAll, u, g, S.Load(cBefore), out var du, out var dg), dc);
        S.Store(Slope<S, V, T>.Sigmoid(du, u), z);
        S.Store(Slope<S, V, T>.Tanh(dg, g), z + slot);
        S.Store(Slope<S, V, T>.Sigmoid(S.Multiply(dh, tanh_c), o), z + 2 * slot);
        return default;
    }
}
