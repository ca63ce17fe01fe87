using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RnnLab.Benchmarks.Ceilings;

/// <summary>A vector type V with a fused multiply-add, so that one loop serves every width and both dtypes.</summary>
internal interface ILanes<V> where V : struct
{
    /// <summary>Elements of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>x in every element.</summary>
    static abstract V Broadcast(double x);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>The sum of the elements.</summary>
    static abstract double Sum(V x);
}

internal readonly struct Float128 : ILanes<Vector128<float>>
{
    public static int Count => 4;

    public static Vector128<float> Broadcast(double x) => Vector128.Create((float)x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);

    public static double Sum(Vector128<float> x) => Vector128.Sum(x);
}

internal readonly struct Double128 : ILanes<Vector128<double>>
{
    public static int Count => 2;

    public static Vector128<double> Broadcast(double x) => Vector128.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) => Vector128.FusedMultiplyAdd(a, b, c);

    public static double Sum(Vector128<double> x) => Vector128.Sum(x);
}

internal readonly struct Float256 : ILanes<Vector256<float>>
{
    public static int Count => 8;

    public static Vector256<float> Broadcast(double x) => Vector256.Create((float)x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

    public static double Sum(Vector256<float> x) => Vector256.Sum(x);
}

internal readonly struct Double256 : ILanes<Vector256<double>>
{
    public static int Count => 4;

    public static Vector256<double> Broadcast(double x) => Vector256.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) => Vector256.FusedMultiplyAdd(a, b, c);

    public static double Sum(Vector256<double> x) => Vector256.Sum(x);
}

internal readonly struct Float512 : ILanes<Vector512<float>>
{
    public static int Count => 16;

    public static Vector512<float> Broadcast(double x) => Vector512.Create((float)x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    public static double Sum(Vector512<float> x) => Vector512.Sum(x);
}

internal readonly struct Double512 : ILanes<Vector512<double>>
{
    public static int Count => 8;

    public static Vector512<double> Broadcast(double x) => Vector512.Create(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.FusedMultiplyAdd(a, b, c);

    public static double Sum(Vector512<double> x) => Vector512.Sum(x);
}
