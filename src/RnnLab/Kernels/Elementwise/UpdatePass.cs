using System.Numerics;
using System.Runtime.InteropServices;
using RnnLab.Training;

namespace RnnLab.Kernels.Elementwise;

/// <summary>
/// An optimiser's step over one parameter: every element of it, of its gradient and of its state is read once and written once. Elements do
/// not meet, so the result does not depend on how they are grouped.
/// </summary>
internal static class UpdatePass
{
    public static void Run<T, TRule>(TRule rule, GradientClip clip, UpdateMemory<T> memory)
        where T : unmanaged, INumber<T>
        where TRule : struct, IUpdateRule<T>
    {
        var width = Vector<T>.Count;
        var rest = memory.P.Length % width;
        var whole = memory.P.Length - rest;
        Vectors(rule, clip, memory, whole);
        if (rest == 0)
            return;
        // What does not fill a vector goes through one that is filled up with zeros: the formula is there once.
        Span<T> p = stackalloc T[width], g = stackalloc T[width];
        Span<T> a = stackalloc T[width], b = stackalloc T[width], c = stackalloc T[width];
        var tail = new UpdateMemory<T>(
            Filled(p, memory.P, whole), Filled(g, memory.G, whole),
            Filled(a, memory.A, whole), Filled(b, memory.B, whole), Filled(c, memory.C, whole));
        Vectors(rule, clip, tail, width);
        Keep(tail.P, memory.P, whole);
        Keep(tail.A, memory.A, whole);
        Keep(tail.B, memory.B, whole);
        Keep(tail.C, memory.C, whole);
    }

    /// <summary>The elements before <paramref name="end"/>, a multiple of the vector's width.</summary>
    private static void Vectors<T, TRule>(TRule rule, GradientClip clip, UpdateMemory<T> memory, int end)
        where T : unmanaged, INumber<T>
        where TRule : struct, IUpdateRule<T>
    {
        ref var p = ref MemoryMarshal.GetReference(memory.P);
        ref var g = ref MemoryMarshal.GetReference(memory.G);
        ref var a = ref MemoryMarshal.GetReference(memory.A);
        ref var b = ref MemoryMarshal.GetReference(memory.B);
        ref var c = ref MemoryMarshal.GetReference(memory.C);
        var (hasA, hasB, hasC) = (!memory.A.IsEmpty, !memory.B.IsEmpty, !memory.C.IsEmpty);
        var (clipped, scale) = (clip.MaxValue is not null, VectorMath.All<T>(clip.Scale));
        var bound = VectorMath.All<T>(clip.MaxValue ?? 0);
        for (nuint i = 0; i < (nuint)end; i += (nuint)Vector<T>.Count)
        {
            var gradient = Vector.LoadUnsafe(ref g, i);
            if (clipped)
                gradient = Vector.Min(Vector.Max(gradient, -bound), bound);
            var (va, vb, vc) = (default(Vector<T>), default(Vector<T>), default(Vector<T>));
            if (hasA)
                va = Vector.LoadUnsafe(ref a, i);
            if (hasB)
                vb = Vector.LoadUnsafe(ref b, i);
            if (hasC)
                vc = Vector.LoadUnsafe(ref c, i);
            rule.Apply(Vector.LoadUnsafe(ref p, i), gradient * scale, ref va, ref vb, ref vc).StoreUnsafe(ref p, i);
            if (hasA)
                va.StoreUnsafe(ref a, i);
            if (hasB)
                vb.StoreUnsafe(ref b, i);
            if (hasC)
                vc.StoreUnsafe(ref c, i);
        }
    }

    private static Span<T> Filled<T>(Span<T> vector, ReadOnlySpan<T> from, int start)
    {
        if (from.IsEmpty)
            return default;
        vector.Clear();
        from[start..].CopyTo(vector);
        return vector;
    }

    private static void Keep<T>(Span<T> vector, Span<T> to, int start)
    {
        if (!to.IsEmpty)
            vector[..(to.Length - start)].CopyTo(to[start..]);
    }
}
