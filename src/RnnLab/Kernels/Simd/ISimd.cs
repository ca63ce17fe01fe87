namespace RnnLab.Kernels.Simd;

/// <summary>
/// A vector width and a number type, as a type argument: the kernels are written once over it, and the JIT compiles one version for each
/// (512, 256 and 128 bits; float32 and float64).
/// </summary>
/// <typeparam name="V">The vector.</typeparam>
/// <typeparam name="T">Its element, float or double.</typeparam>
internal unsafe interface ISimd<V, T>
    where V : struct
    where T : unmanaged
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Count { get; }

    static abstract V Load(T* p);

    static abstract void Store(V x, T* p);

    static abstract V Broadcast(T x);

    /// <summary>A constant of the formulas, rounded to T.</summary>
    static abstract V Constant(double x);

    static abstract V Add(V x, V y);

    static abstract V Subtract(V x, V y);

    static abstract V Multiply(V x, V y);

    static abstract V Divide(V x, V y);

    /// <summary>x·y + z, in one rounding where the processor has fused multiply-adds.</summary>
    static abstract V MultiplyAdd(V x, V y, V z);

    /// <summary>x cut to [−limit, limit]; NaN stays NaN.</summary>
    static abstract V Clamp(V x, double limit);

    /// <summary>x where mask &gt; 0, else 0.</summary>
    static abstract V WherePositive(V mask, V x);

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    static abstract V Relu(V x);

    /// <summary>2ⁿ, for a float m + n where m is <see cref="RoundingShift{T}"/>: n stands in the lowest bits of its significand.</summary>
    static abstract V PowerOfTwo(V shifted);
}
