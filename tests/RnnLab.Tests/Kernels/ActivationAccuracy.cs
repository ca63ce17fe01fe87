using System.Numerics;
using System.Runtime.Intrinsics;
using RnnLab.Kernels.Simd;

namespace RnnLab.Tests.Kernels;

/// <summary>The errors of σ and tanh in units in the last place, against twice double's precision.</summary>
internal static unsafe class ActivationAccuracy
{
    /// <summary>What the errors stay below, in every width and type, with fused multiply-adds or without.</summary>
    public const double Bound = 3;

    private const int Points = 5_000;

    /// <summary>Requires the bound of all widths and types.</summary>
    public static void RequireAllWidths()
    {
        var worst = new Dictionary<string, (double Sigmoid, double Tanh)>
        {
            ["16 × float32"] = Worst<Simd512<float>, Vector512<float>, float>(),
            ["8 × float32"] = Worst<Simd256<float>, Vector256<float>, float>(),
            ["4 × float32"] = Worst<Simd128<float>, Vector128<float>, float>(),
            ["8 × float64"] = Worst<Simd512<double>, Vector512<double>, double>(),
            ["4 × float64"] = Worst<Simd256<double>, Vector256<double>, double>(),
            ["2 × float64"] = Worst<Simd128<double>, Vector128<double>, double>(),
        };
        var over = worst.Where(w => Math.Max(w.Value.Sigmoid, w.Value.Tanh) > Bound).Select(w => $"{w.Key}: σ {w.Value.Sigmoid:0.00} ulp, tanh {w.Value.Tanh:0.00} ulp");
        Assert.True(!over.Any(), string.Join('\n', over));
    }

    /// <summary>The largest errors of σ and tanh.</summary>
    private static (double Sigmoid, double Tanh) Worst<S, V, T>()
        where S : struct, ISimd<V, T>
        where V : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => (Worst<S, V, T>(Activation<S, V, T>.Sigmoid, Cases<T>.Sigmoid), Worst<S, V, T>(Activation<S, V, T>.Tanh, Cases<T>.Tanh));

    /// <summary>A function of one number, by a vector that is full of it.</summary>
    public static T Of<S, V, T>(Func<V, V> function, T x)
        where S : struct, ISimd<V, T>
        where V : struct
        where T : unmanaged
    {
        var result = stackalloc T[S.Count];
        S.Store(function(S.Broadcast(x)), result);
        for (var k = 1; k < S.Count; k++)
            Assert.Equal(result[0], result[k]);
        return result[0];
    }

    private static double Worst<S, V, T>(Func<V, V> function, (T X, DoubleDouble Y)[] cases)
        where S : struct, ISimd<V, T>
        where V : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var worst = 0.0;
        var numbers = stackalloc T[S.Count];
        for (var first = 0; first + S.Count <= cases.Length; first += S.Count)
        {
            for (var k = 0; k < S.Count; k++)
                numbers[k] = cases[first + k].X;
            S.Store(function(S.Load(numbers)), numbers);
            for (var k = 0; k < S.Count; k++)
                worst = Math.Max(worst, Ulps(numbers[k], cases[first + k].Y));
        }
        return worst;
    }

    private static double Ulps<T>(T actual, DoubleDouble exact)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rounded = T.Abs(T.CreateChecked(exact.High));
        var unit = double.CreateChecked(T.BitIncrement(rounded) - rounded);
        var error = double.CreateChecked(actual) - exact.High - exact.Low;
        // NaN must not look like no error.
        return Math.Abs(error) <= 1e9 * unit ? Math.Abs(error) / unit : double.PositiveInfinity;
    }

    private static class Cases<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // To the limits beyond which the functions are constant; T's smallest number is one of them.
        private static readonly double SigmoidLimit = typeof(T) == typeof(float) ? 87 : 708, TanhLimit = typeof(T) == typeof(float) ? 10 : 20;

        public static (T X, DoubleDouble Y)[] Sigmoid { get; } = [.. Arguments(SigmoidLimit).Select(x => (x, DoubleDouble.Sigmoid(double.CreateChecked(x))))];

        public static (T X, DoubleDouble Y)[] Tanh { get; } = [.. Arguments(TanhLimit).Select(x => (x, DoubleDouble.Tanh(double.CreateChecked(x))))];

        /// <summary>Evenly over the range and evenly over the powers of two, of both signs.</summary>
        private static IEnumerable<T> Arguments(double limit)
        {
            var smallest = Math.Log2(double.CreateChecked(T.Epsilon));
            for (var k = 0; k < Points; k++)
            {
                var share = (k + 0.5) / Points;
                T even = T.CreateChecked(limit * share), power = T.CreateChecked(Math.Pow(2, smallest + share * (Math.Log2(limit) - smallest)));
                yield return even;
                yield return -even;
                yield return power;
                yield return -power;
            }
        }
    }
}
