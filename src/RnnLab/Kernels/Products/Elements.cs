namespace RnnLab.Kernels.Products;

/// <summary>The few things that are done number by number.</summary>
internal static unsafe class Elements<T>
    where T : unmanaged
{
    /// <summary>to = from where it is fresh, else to += from.</summary>
    public static void Put(T* to, T* from, int count, bool fresh)
    {
        if (fresh)
            new Span<T>(from, count).CopyTo(new Span<T>(to, count));
        else
            Add(to, from, count);
    }

    /// <summary>to += from.</summary>
    public static void Add(T* to, T* from, int count)
    {
        if (typeof(T) == typeof(float))
            for (var k = 0; k < count; k++)
                ((float*)to)[k] += ((float*)from)[k];
        else
            for (var k = 0; k < count; k++)
                ((double*)to)[k] += ((double*)from)[k];
    }
}
