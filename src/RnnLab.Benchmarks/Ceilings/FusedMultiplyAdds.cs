using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RnnLab.Benchmarks.Ceilings;

/// <summary>
/// The arithmetic ceiling of the processor: fused multiply-adds on registers alone, in the widest vectors that .NET reports accelerated,
/// on all threads at once. No program that reads memory gets past it.
/// </summary>
internal static class FusedMultiplyAdds
{
    // Twelve sums cover a latency of 4 to 6 cycles at two operations a cycle; with both factors they fit the 16 registers of AVX2.
    private const int Sums = 12;
    private const int Rounds = 2000;

    /// <summary>Bits of the vectors used.</summary>
    public static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>GF/s (10⁹ floating-point operations a second, two to a fused multiply-add) of all threads together.</summary>
    /// <param name="dtype">float32 or float64.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="leadIn">Seconds that they run uncounted at first: the scheduler may take some 20 ms to give each a core of its own.</param>
    /// <param name="seconds">About how long they are measured.</param>
    public static double Measure(ScalarType dtype, int threads, double leadIn, double seconds) => (VectorBits, dtype == ScalarType.Float64) switch
    {
        (512, false) => Run<Vector512<float>, Float512>(threads, leadIn, seconds),
        (512, true) => Run<Vector512<double>, Double512>(threads, leadIn, seconds),
        (256, false) => Run<Vector256<float>, Float256>(threads, leadIn, seconds),
        (256, true) => Run<Vector256<double>, Double256>(threads, leadIn, seconds),
        (_, false) => Run<Vector128<float>, Float128>(threads, leadIn, seconds),
        _ => Run<Vector128<double>, Double128>(threads, leadIn, seconds),
    };

    private static double Run<V, L>(int threads, double leadIn, double seconds) where V : struct where L : ILanes<V>
    {
        var spans = new (long Start, long End, long Blocks)[threads];
        var missing = threads;
        var others = Enumerable.Range(1, threads - 1).Select(i => new Thread(() => Work(i)) { IsBackground = true }).ToArray();
        foreach (var thread in others)
            thread.Start();
        Work(0);
        foreach (var thread in others)
            thread.Join();
        var wall = Stopwatch.GetElapsedTime(spans.Min(s => s.Start), spans.Max(s => s.End)).TotalSeconds;
        return spans.Sum(s => s.Blocks) * 2.0 * Sums * Rounds * L.Count / wall * 1e-9;

        void Work(int i)
        {
            Interlocked.Decrement(ref missing);
            var wait = new SpinWait();
            while (Volatile.Read(ref missing) > 0)
                wait.SpinOnce();
            var sum = RunFor(leadIn, out _);
            var start = Stopwatch.GetTimestamp();
            sum += RunFor(seconds, out var blocks);
            spans[i] = (start, Stopwatch.GetTimestamp(), blocks);
            GC.KeepAlive(sum);
        }

        static double RunFor(double seconds, out long blocks)
        {
            var (start, sum) = (Stopwatch.GetTimestamp(), 0.0);
            for (blocks = 0; blocks == 0 || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; blocks++)
                sum += Block<V, L>(1e-3);
            return sum;
        }
    }

    // Compiled at the highest tier at once: the first burst counts as well.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Block<V, L>(double factor) where V : struct where L : ILanes<V>
    {
        var (a, b) = (L.Broadcast(factor), L.Broadcast(1 - factor));
        V s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a, s10 = a, s11 = a;
        for (var i = 0; i < Rounds; i++)
        {
            s0 = L.MultiplyAdd(a, b, s0);
            s1 = L.MultiplyAdd(a, b, s1);
            s2 = L.MultiplyAdd(a, b, s2);
            s3 = L.MultiplyAdd(a, b, s3);
            s4 = L.MultiplyAdd(a, b, s4);
            s5 = L.MultiplyAdd(a, b, s5);
            s6 = L.MultiplyAdd(a, b, s6);
            s7 = L.MultiplyAdd(a, b, s7);
            s8 = L.MultiplyAdd(a, b, s8);
            s9 = L.MultiplyAdd(a, b, s9);
            s10 = L.MultiplyAdd(a, b, s10);
            s11 = L.MultiplyAdd(a, b, s11);
        }
        return L.Sum(s0) + L.Sum(s1) + L.Sum(s2) + L.Sum(s3) + L.Sum(s4) + L.Sum(s5)
            + L.Sum(s6) + L.Sum(s7) + L.Sum(s8) + L.Sum(s9) + L.Sum(s10) + L.Sum(s11);
    }
}
