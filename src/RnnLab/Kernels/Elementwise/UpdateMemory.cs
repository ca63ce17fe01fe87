namespace RnnLab.Kernels.Elementwise;

/// <summary>The memory that one update runs over: p, its gradient g and up to three parts of state, each as long as p or empty.</summary>
internal readonly ref struct UpdateMemory<T> where T : unmanaged
{
    public UpdateMemory(Span<T> p, ReadOnlySpan<T> g, Span<T> a = default, Span<T> b = default, Span<T> c = default)
    {
        // The pass reads without checks of its own.
        if (g.Length != p.Length || !Fits(a, p) || !Fits(b, p) || !Fits(c, p))
            throw new ArgumentException($"{p.Length} elements, a gradient of {g.Length} and state of {a.Length}, {b.Length} and {c.Length}");
        P = p;
        G = g;
        A = a;
        B = b;
        C = c;
    }

    public Span<T> P { get; }

    public ReadOnlySpan<T> G { get; }

    public Span<T> A { get; }

    public Span<T> B { get; }

    public Span<T> C { get; }

    private static bool Fits(Span<T> state, Span<T> p) => state.IsEmpty || state.Length == p.Length;
}
