using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Recurrence.Kernels;

/// <summary>φ of an <see cref="Cells.RnnCell"/> and its slope, by the value h.</summary>
internal interface IActivation<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    static abstract V Value(V x);

    static abstract V Adjoint(V dh, V h);
}

/// <summary>tanh.</summary>
internal readonly struct TanhActivation<S, V, T> : IActivation<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value(V x) => Activation<S, V, T>.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Adjoint(V dh, V h) => Slope<S, V, T>.Tanh(dh, h);
}

/// <summary>max(x, 0), with slope 0 at the kink; NaN stays NaN.</summary>
internal readonly struct ReluActivation<S, V, T> : IActivation<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value(V x) => S.Relu(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Adjoint(V dh, V h) => S.WherePositive(h, dh);
}

/// <summary><see cref="Cells.RnnCell"/>.</summary>
internal readonly unsafe struct FusedRnn<S, V, T, A> : IFusedCell<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
    where A : struct, IActivation<S, V, T>
{
    public static GateSlots Slots => GateSlots.Rnn;

    public static bool HasCellState => false;

    public static bool HasRecurrentProduct => true;

    public static bool HasDirectPath => false;

    public static bool IsProjected => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Forward(T* z, nint slot, T* hBefore, T* cBefore, T* c, T* w) => A.Value(S.Load(z));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Adjoint(T* z, nint slot, V dh, T* hBefore, T* h, T* cBefore, T* c, T* dc, T* w)
    {
        S.Store(A.Adjoint(dh, S.Load(h)), z);
        return default;
    }
}
