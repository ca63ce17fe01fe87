using System.Runtime.CompilerServices;
using RnnLab.Kernels.Simd;

namespace RnnLab.Kernels.Products;

/// <summary>
/// The innermost product, C (rows, 2 vectors) = init + A (rows, K) · panel (K, 2 vectors): the block of C stays in registers over the
/// whole of K, and each number of A is multiplied with two vectors of the panel.
/// <para>
/// Every element of C is init + a₀p₀ + a₁p₁ + … added up in that order, whatever the number of rows, so that results do not depend on
/// how rows are divided among blocks or threads.
/// </para>
/// </summary>
internal static unsafe class MicroKernel<S, V, T>
    where S : struct, ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>
    /// Rows of C at once. Eight rows take 16 accumulators, two vectors of the panel and a broadcast, which 32 registers hold and 16 do not.
    /// </summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Registers.Many ? 8 : 4;
    }

    /// <summary>The number of rows to take next of <paramref name="left"/>: 8, 4, 2 or 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Next(int left) => left >= Rows ? Rows : left >= 4 ? 4 : left >= 2 ? 2 : 1;

    /// <summary>One block.</summary>
    /// <param name="rows">8, 4, 2 or 1, from <see cref="Next"/>.</param>
    /// <param name="K">Terms of the sum.</param>
    /// <param name="a">A's first element; its rows are <paramref name="rs"/> elements apart, its columns <paramref name="ks"/>.</param>
    /// <param name="rs">Row stride of A.</param>
    /// <param name="ks">Column stride of A.</param>
    /// <param name="panel">K rows of two vectors, or of one, without gaps.</param>
    /// <param name="vectors">2 or 1: the vectors of the panel and of C.</param>
    /// <param name="init">What the sum starts from: C itself, or one row for all (<paramref name="ldi"/> = 0).</param>
    /// <param name="ldi">Row stride of init.</param>
    /// <param name="i1">Where init's second vector lies, seen from the first.</param>
    /// <param name="c">C's first element.</param>
    /// <param name="ldc">Row stride of C.</param>
    /// <param name="c1">Where C's second vector lies, seen from the first.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block(int rows, nint K, T* a, nint rs, nint ks, T* panel, int vectors, T* init, nint ldi, nint i1, T* c, nint ldc, nint c1)
    {
        (rs, ks) = (rs * sizeof(T), ks * sizeof(T));
        if (vectors == 1)
            NarrowKernel<S, V, T>.Block(rows, K, (byte*)a, rs, ks, panel, init, ldi, c, ldc);
        else if (rows == 8)
            Rows8(K, (byte*)a, rs, ks, panel, init, ldi, i1, c, ldc, c1);
        else if (rows == 4)
            Rows4(K, (byte*)a, rs, ks, panel, init, ldi, i1, c, ldc, c1);
        else if (rows == 2)
            Rows2(K, (byte*)a, rs, ks, panel, init, ldi, i1, c, ldc, c1);
        else
            Rows1(K, (byte*)a, rs, ks, panel, init, ldi, i1, c, ldc, c1);
    }

    /// <summary>8 rows: 16 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows8(nint K, byte* a, nint rs, nint ks, T* panel, T* init, nint ldi, nint i1, T* c, nint ldc, nint c1)
    {
        var b = a + 4 * rs;
        var (rs2, rs3) = (2 * rs, 3 * rs);
        V c00 = S.Load(init), c01 = S.Load(init + i1);
        V c10 = S.Load(init + ldi), c11 = S.Load(init + ldi + i1);
        V c20 = S.Load(init + 2 * ldi), c21 = S.Load(init + 2 * ldi + i1);
        V c30 = S.Load(init + 3 * ldi), c31 = S.Load(init + 3 * ldi + i1);
        V c40 = S.Load(init + 4 * ldi), c41 = S.Load(init + 4 * ldi + i1);
        V c50 = S.Load(init + 5 * ldi), c51 = S.Load(init + 5 * ldi + i1);
        V c60 = S.Load(init + 6 * ldi), c61 = S.Load(init + 6 * ldi + i1);
        V c70 = S.Load(init + 7 * ldi), c71 = S.Load(init + 7 * ldi + i1);
        var end = panel + K * 2 * S.Count;
        for (; panel < end; panel += 2 * S.Count)
        {
            V w0 = S.Load(panel), w1 = S.Load(panel + S.Count), x;
            x = S.Broadcast(*(T*)a);
            c00 = S.MultiplyAdd(x, w0, c00);
            c01 = S.MultiplyAdd(x, w1, c01);
            x = S.Broadcast(*(T*)(a + rs));
            c10 = S.MultiplyAdd(x, w0, c10);
            c11 = S.MultiplyAdd(x, w1, c11);
            x = S.Broadcast(*(T*)(a + rs2));
            c20 = S.MultiplyAdd(x, w0, c20);
            c21 = S.MultiplyAdd(x, w1, c21);
            x = S.Broadcast(*(T*)(a + rs3));
            c30 = S.MultiplyAdd(x, w0, c30);
            c31 = S.MultiplyAdd(x, w1, c31);
            x = S.Broadcast(*(T*)b);
            c40 = S.MultiplyAdd(x, w0, c40);
            c41 = S.MultiplyAdd(x, w1, c41);
            x = S.Broadcast(*(T*)(b + rs));
            c50 = S.MultiplyAdd(x, w0, c50);
            c51 = S.MultiplyAdd(x, w1, c51);
            x = S.Broadcast(*(T*)(b + rs2));
            c60 = S.MultiplyAdd(x, w0, c60);
            c61 = S.MultiplyAdd(x, w1, c61);
            x = S.Broadcast(*(T*)(b + rs3));
            c70 = S.MultiplyAdd(x, w0, c70);
            c71 = S.MultiplyAdd(x, w1, c71);
            a += ks;
            b += ks;
        }
        S.Store(c00, c);
        S.Store(c01, c + c1);
        S.Store(c10, c + ldc);
        S.Store(c11, c + ldc + c1);
        S.Store(c20, c + 2 * ldc);
        S.Store(c21, c + 2 * ldc + c1);
        S.Store(c30, c + 3 * ldc);
        S.Store(c31, c + 3 * ldc + c1);
        S.Store(c40, c + 4 * ldc);
        S.Store(c41, c + 4 * ldc + c1);
        S.Store(c50, c + 5 * ldc);
        S.Store(c51, c + 5 * ldc + c1);
        S.Store(c60, c + 6 * ldc);
        S.Store(c61, c + 6 * ldc + c1);
        S.Store(c70, c + 7 * ldc);
        S.Store(c71, c + 7 * ldc + c1);
    }

    /// <summary>4 rows: 8 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows4(nint K, byte* a, nint rs, nint ks, T* panel, T* init, nint ldi, nint i1, T* c, nint ldc, nint c1)
    {
        var (rs2, rs3) = (2 * rs, 3 * rs);
        V c00 = S.Load(init), c01 = S.Load(init + i1);
        V c10 = S.Load(init + ldi), c11 = S.Load(init + ldi + i1);
        V c20 = S.Load(init + 2 * ldi), c21 = S.Load(init + 2 * ldi + i1);
        V c30 = S.Load(init + 3 * ldi), c31 = S.Load(init + 3 * ldi + i1);
        var end = panel + K * 2 * S.Count;
        for (; panel < end; panel += 2 * S.Count)
        {
            V w0 = S.Load(panel), w1 = S.Load(panel + S.Count), x;
            x = S.Broadcast(*(T*)a);
            c00 = S.MultiplyAdd(x, w0, c00);
            c01 = S.MultiplyAdd(x, w1, c01);
            x = S.Broadcast(*(T*)(a + rs));
            c10 = S.MultiplyAdd(x, w0, c10);
            c11 = S.MultiplyAdd(x, w1, c11);
            x = S.Broadcast(*(T*)(a + rs2));
            c20 = S.MultiplyAdd(x, w0, c20);
            c21 = S.MultiplyAdd(x, w1, c21);
            x = S.Broadcast(*(T*)(a + rs3));
            c30 = S.MultiplyAdd(x, w0, c30);
            c31 = S.MultiplyAdd(x, w1, c31);
            a += ks;
        }
        S.Store(c00, c);
        S.Store(c01, c + c1);
        S.Store(c10, c + ldc);
        S.Store(c11, c + ldc + c1);
        S.Store(c20, c + 2 * ldc);
        S.Store(c21, c + 2 * ldc + c1);
        S.Store(c30, c + 3 * ldc);
        S.Store(c31, c + 3 * ldc + c1);
    }

    /// <summary>2 rows: 4 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows2(nint K, byte* a, nint rs, nint ks, T* panel, T* init, nint ldi, nint i1, T* c, nint ldc, nint c1)
    {
        V c00 = S.Load(init), c01 = S.Load(init + i1);
        V c10 = S.Load(init + ldi), c11 = S.Load(init + ldi + i1);
        var end = panel + K * 2 * S.Count;
        for (; panel < end; panel += 2 * S.Count)
        {
            V w0 = S.Load(panel), w1 = S.Load(panel + S.Count), x;
            x = S.Broadcast(*(T*)a);
            c00 = S.MultiplyAdd(x, w0, c00);
            c01 = S.MultiplyAdd(x, w1, c01);
            x = S.Broadcast(*(T*)(a + rs));
            c10 = S.MultiplyAdd(x, w0, c10);
            c11 = S.MultiplyAdd(x, w1, c11);
            a += ks;
        }
        S.Store(c00, c);
        S.Store(c01, c + c1);
        S.Store(c10, c + ldc);
        S.Store(c11, c + ldc + c1);
    }

    /// <summary>1 row: 2 accumulators.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1(nint K, byte* a, nint rs, nint ks, T* panel, T* init, nint ldi, nint i1, T* c, nint ldc, nint c1)
    {
        V c00 = S.Load(init), c01 = S.Load(init + i1);
        var end = panel + K * 2 * S.Count;
        for (; panel < end; panel += 2 * S.Count)
        {
            V w0 = S.Load(panel), w1 = S.Load(panel + S.Count), x;
            x = S.Broadcast(*(T*)a);
            c00 = S.MultiplyAdd(x, w0, c00);
            c01 = S.MultiplyAdd(x, w1, c01);
            a += ks;
        }
        S.Store(c00, c);
        S.Store(c01, c + c1);
    }
}
