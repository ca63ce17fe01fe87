using System.Numerics;
using System.Runtime.InteropServices;

namespace RnnLab.Kernels.Elementwise;

/// <summary>
/// Softmax and cross-entropy of rows of V logits x with targets k, and their adjoint. With m = max x and s = Σ e^(x − m) a row's p is
/// e^(x − m)/s and its loss ln s − (x_k − m): no exponential overflows, s is at least 1, and each is taken once. NaN or +∞ among the
/// logits, or nothing but −∞, gives a row of NaN.
/// </summary>
internal static class SoftmaxRows
{
    /// <summary>The losses (N) and p (N, V) of logits (N, V).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A target is no column.</exception>
    public static void Forward<T>(ReadOnlySpan<T> logits, ReadOnlySpan<long> targets, Span<T> losses, Span<T> p)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var V = Columns(logits.Length, p.Length, targets);
        for (var n = 0; n < targets.Length; n++)
        {
            var k = Column(targets[n], V);
            var x = logits.Slice(n * V, V);
            var e = p.Slice(n * V, V);
            var max = Max(x);
            var sum = Exponentials(x, max, e);
            Scale(e, T.One / sum, e);
            losses[n] = T.Log(sum) - (x[k] - max);
        }
    }

    /// <summary>dx = scale · (p − e_k), (N, V).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A target is no column.</exception>
    public static void Backward<T>(ReadOnlySpan<T> p, ReadOnlySpan<long> targets, T scale, Span<T> dx)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var V = Columns(p.Length, dx.Length, targets);
        Scale(p, scale, dx);
        for (var n = 0; n < targets.Length; n++)
        {
            var at = n * V + Column(targets[n], V);
            dx[at] = scale * (p[at] - T.One);
        }
    }

    private static int Columns(int elements, int results, ReadOnlySpan<long> targets)
        => elements == results
            ? elements / Math.Max(targets.Length, 1)
            : throw new ArgumentException($"{elements} elements give {results}");

    private static int Column(long target, int columns)
        => (ulong)target < (ulong)columns
            ? (int)target
            : throw new ArgumentOutOfRangeException(nameof(target), target, $"a target must be one of the {columns} columns, from 0");

    /// <summary>The largest; where one is NaN, any.</summary>
    private static T Max<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var max = T.NegativeInfinity;
        if (x.Length < Vector<T>.Count)
        {
            foreach (var value in x)
                max = value > max ? value : max;
            return max;
        }
        ref var first = ref MemoryMarshal.GetReference(x);
        var last = (nuint)(x.Length - Vector<T>.Count);
        // The last vector may overlap the one before it: a maximum does not mind.
        var lanes = Vector.LoadUnsafe(ref first, last);
        for (nuint i = 0; i < last; i += (nuint)Vector<T>.Count)
            lanes = Vector.MaxNative(lanes, Vector.LoadUnsafe(ref first, i));
        for (var lane = 0; lane < Vector<T>.Count; lane++)
            max = lanes[lane] > max ? lanes[lane] : max;
        return max;
    }

    /// <summary>e = e^(x − max), and its sum.</summary>
    private static T Exponentials<T>(ReadOnlySpan<T> x, T max, Span<T> e) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (rest, most) = (x.Length % Vector<T>.Count, Vector.Create(max));
        if (x.Length < Vector<T>.Count)
            return FewExponentials(x, most, e);
        ref var first = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(e);
        var (sum, last) = (Vector<T>.Zero, (nuint)(x.Length - Vector<T>.Count));
        for (nuint i = 0; i <= last; i += (nuint)Vector<T>.Count)
        {
            var value = Exponential.Of(Vector.LoadUnsafe(ref first, i) - most);
            value.StoreUnsafe(ref to, i);
            sum += value;
        }
        if (rest != 0)
        {
            // The last vector overlaps the one before it: the same numbers are stored again, and only the new ones are summed.
            var value = Exponential.Of(Vector.LoadUnsafe(ref first, last) - most);
            value.StoreUnsafe(ref to, last);
            var isNew = Vector.GreaterThanOrEqual(Vector<T>.Indices, Vector.Create(T.CreateTruncating(Vector<T>.Count - rest)));
            sum += Vector.ConditionalSelect(isNew, value, Vector<T>.Zero);
        }
        return Vector.Sum(sum);
    }

    /// <summary>The same where the row does not fill a vector.</summary>
    private static T FewExponentials<T>(ReadOnlySpan<T> x, Vector<T> most, Span<T> e) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> row = stackalloc T[Vector<T>.Count];
        x.CopyTo(row);
        Exponential.Of(new Vector<T>(row) - most).CopyTo(row);
        row[..x.Length].CopyTo(e);
        var sum = T.Zero;
        foreach (var value in e)
            sum += value;
        return sum;
    }

    /// <summary>y = scale · x; y may be x.</summary>
    private static void Scale<T>(ReadOnlySpan<T> x, T scale, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (x.Length < Vector<T>.Count)
        {
            for (var i = 0; i < x.Length; i++)
                y[i] = x[i] * scale;
            return;
        }
        ref var first = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(y);
        var last = (nuint)(x.Length - Vector<T>.Count);
        // Read before it is written over, since the last vector may overlap the one before it.
        var end = Vector.LoadUnsafe(ref first, last) * scale;
        for (nuint i = 0; i < last; i += (nuint)Vector<T>.Count)
            (Vector.LoadUnsafe(ref first, i) * scale).StoreUnsafe(ref to, i);
        end.StoreUnsafe(ref to, last);
    }
}
