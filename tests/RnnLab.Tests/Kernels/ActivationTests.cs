using System.Numerics;
using System.Runtime.Intrinsics;
using RnnLab.Kernels.Simd;

namespace RnnLab.Tests.Kernels;

/// <summary>σ and tanh of every width and type.</summary>
public sealed class ActivationTests
{
    [Fact]
    public void The_measure_agrees_with_the_runtimes_own_functions()
    {
        foreach (var x in new[] { -30.0, -3.7, -1, -0.2, -1e-9, 1e-300, 1e-5, 0.3, 1, 2.5, 18 })
        {
            Assert.Equal(Math.Tanh(x), DoubleDouble.Tanh(x).High, 2e-15 * Math.Abs(Math.Tanh(x)));
            Assert.Equal(1 / (1 + Math.Exp(-x)), DoubleDouble.Sigmoid(x).High, 1e-15 / (1 + Math.Exp(-x)));
        }
        // e − 1 to 32 digits, 1.7182818284590452353602874713526625.
        Assert.Equal(1.7182818284590453, DoubleDouble.ExpM1(new(1)).High);
        Assert.Equal(-7.747991575210629e-17, DoubleDouble.ExpM1(new(1)).Low, 1e-31);
    }

    [Fact]
    public void Sigmoid_and_tanh_are_right_to_three_units_in_the_last_place() => ActivationAccuracy.RequireAllWidths();

    [Fact]
    public void Saturated_values_are_exact_and_NaN_stays_NaN()
    {
        AtTheEnds<Simd512<float>, Vector512<float>, float>(18, 10, 1.2e-38);
        AtTheEnds<Simd256<float>, Vector256<float>, float>(18, 10, 1.2e-38);
        AtTheEnds<Simd128<float>, Vector128<float>, float>(18, 10, 1.2e-38);
        AtTheEnds<Simd512<double>, Vector512<double>, double>(38, 20, 2.3e-308);
        AtTheEnds<Simd256<double>, Vector256<double>, double>(38, 20, 2.3e-308);
        AtTheEnds<Simd128<double>, Vector128<double>, double>(38, 20, 2.3e-308);
    }

    private static void AtTheEnds<S, V, T>(double oneFrom, double tanhFrom, double smallestNormal)
        where S : struct, ISimd<V, T>
        where V : struct
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T Sigmoid(T x) => ActivationAccuracy.Of<S, V, T>(Activation<S, V, T>.Sigmoid, x);
        T Tanh(T x) => ActivationAccuracy.Of<S, V, T>(Activation<S, V, T>.Tanh, x);
        foreach (var x in new[] { oneFrom, 50, 1e3, 3e38 }.Select(T.CreateChecked).Append(T.PositiveInfinity))
            Assert.Equal(T.One, Sigmoid(x));
        foreach (var x in new[] { 1e3, 3e38 }.Select(T.CreateChecked).Append(T.PositiveInfinity))
            Assert.InRange(double.CreateChecked(Sigmoid(-x)), 0, 2 * smallestNormal);
        foreach (var x in new[] { tanhFrom, 50, 1e3, 3e38 }.Select(T.CreateChecked).Append(T.PositiveInfinity))
            Assert.Equal((T.One, -T.One), (Tanh(x), Tanh(-x)));
        Assert.Equal((T.One / T.CreateChecked(2), T.Zero), (Sigmoid(T.Zero), Tanh(T.Zero)));
        Assert.Equal((T.Epsilon, -T.Epsilon), (Tanh(T.Epsilon), Tanh(-T.Epsilon)));
        Assert.True(T.IsNaN(Sigmoid(T.NaN)) && T.IsNaN(Tanh(T.NaN)));
    }
}
