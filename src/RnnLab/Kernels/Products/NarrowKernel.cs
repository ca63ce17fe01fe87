using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Kernels.Products;

/// <summary><see cref="MicroKernel{S, V, T}"/> for the last panel of an odd number of vectors, which holds one: C (rows, 1 vector) = init + A (rows, K) · panel (K, 1 vector).</summary>
internal static unsafe class NarrowKernel<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>One block; the arguments are those of <see cref="MicroKernel{S, V, T}.Block"/>, with strides of A in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(int rows, nint K, byte* a, nint rs, nint ks, T* panel, T* init, nint ldi, T* c, nint ldc)
    {
        if (rows == 8)
            Rows8(K, a, rs, ks, panel, init, ldi, c, ldc);
        else if (rows == 4)
            Rows4(K, a, rs, ks, panel, init, ldi, c, ldc);
        else if (rows == 2)
            Rows2(K, a, rs, ks, panel, init, ldi, c, ldc);
        else
            Rows1(K, a, rs, ks, panel, init, ldi, c, ldc);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows8(nint K, byte* a, nint rs, nint ks, T* panel, T* init, nint ldi, T* c, nint ldc)
    {
        var b = a + 4 * rs;
        var (rs2, rs3) = (2 * rs, 3 * rs);
        V c0 = S.Load(init), c1 = S.Load(init + ldi);
        V c2 = S.Load(init + 2 * ldi), c3 = S.Load(init + 3 * ldi);
        V c4 = S.Load(init + 4 * ldi), c5 = S.Load(init + 5 * ldi);
        V c6 = S.Load(init + 6 * ldi), c7 = S.Load(init + 7 * ldi);
        for (var end = panel + K * S.Count; panel < end; panel += S.Count)
        {
            var w = S.Load(panel);
            c0 = S.MultiplyAdd(S.Broadcast(*(T*)a), w, c0);
            c1 = S.MultiplyAdd(S.Broadcast(*(T*)(a + rs)), w, c1);
            c2 = S.MultiplyAdd(S.Broadcast(*(T*)(a + rs2)), w, c2);
            c3 = S.MultiplyAdd(S.Broadcast(*(T*)(a + rs3)), w, c3);
            c4 = S.MultiplyAdd(S.Broadcast(*(T*)b), w, c4);
            c5 = S.MultiplyAdd(S.Broadcast(*(T*)(b + rs)), w, c5);
            c6 = S.MultiplyAdd(S.Broadcast(*(T*)(b + rs2)), w, c6);
            c7 = S.MultiplyAdd(S.Broadcast(*(T*)(b + rs3)), w, c7);
            a += ks;
            b += ks;
        }
        S.Store(c0, c);
        S.Store(c1, c + ldc);
        S.Store(c2, c + 2 * ldc);
        S.Store(c3, c + 3 * ldc);
        S.Store(c4, c + 4 * ldc);
        S.Store(c5, c + 5 * ldc);
        S.Store(c6, c + 6 * ldc);
        S.Store(c7, c + 7 * ldc);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows4(nint K, byte* a, nint rs, nint ks, T* panel, T* init, nint ldi, T* c, nint ldc)
    {
        var (rs2, rs3) = (2 * rs, 3 * rs);
        V c0 = S.Load(init), c1 = S.Load(init + ldi);
        V c2 = S.Load(init + 2 * ldi), c3 = S.Load(init + 3 * ldi);
        for (var end = panel + K * S.Count; panel < end; panel += S.Count)
        {
            var w = S.Load(panel);
            c0 = S.MultiplyAdd(S.Broadcast(*(T*)a), w, c0);
            c1 = S.MultiplyAdd(S.Broadcast(*(T*)(a + rs)), w, c1);
            c2 = S.MultiplyAdd(S.Broadcast(*(T*)(a + rs2)), w, c2);
            c3 = S.MultiplyAdd(S.Broadcast(*(T*)(a + rs3)), w, c3);
            a += ks;
        }
        S.Store(c0, c);
        S.Store(c1, c + ldc);
        S.Store(c2, c + 2 * ldc);
        S.Store(c3, c + 3 * ldc);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows2(nint K, byte* a, nint rs, nint ks, T* panel, T* init, nint ldi, T* c, nint ldc)
    {
        V c0 = S.Load(init), c1 = S.Load(init + ldi);
        for (var end = panel + K * S.Count; panel < end; panel += S.Count)
        {
            var w = S.Load(panel);
            c0 = S.MultiplyAdd(S.Broadcast(*(T*)a), w, c0);
            c1 = S.MultiplyAdd(S.Broadcast(*(T*)(a + rs)), w, c1);
            a += ks;
        }
        S.Store(c0, c);
        S.Store(c1, c + ldc);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1(nint K, byte* a, nint rs, nint ks, T* panel, T* init, nint ldi, T* c, nint ldc)
    {
        var c0 = S.Load(init);
        for (var end = panel + K * S.Count; panel < end; panel += S.Count)
        {
            var w = S.Load(panel);
            c0 = S.MultiplyAdd(S.Broadcast(*(T*)a), w, c0);
            a += ks;
        }
        S.Store(c0, c);
    }
}
