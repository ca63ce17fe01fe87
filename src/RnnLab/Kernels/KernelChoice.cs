using RnnLab.Recurrence;

namespace RnnLab.Kernels;

/// <summary>
/// Which form of its computations a thread runs: everything that has a pass of its own over a tensor's memory on the CPU (the recurrence, the optimisers,
/// clipping, softmax, embedding) asks here whether to take it. <see cref="Kernel.Fast"/> unless a scope says otherwise:
/// <code>using (KernelChoice.Use(Kernel.Reference)) { … }</code>
/// The choice is the thread's own, so that computations side by side do not disturb each other.
/// </summary>
public static class KernelChoice
{
    [ThreadStatic]
    private static Kernel _current;

    /// <summary>This thread's choice.</summary>
    public static Kernel Current => _current;

    /// <summary>Chooses for this thread until the scope ends; scopes may stand in each other.</summary>
    public static KernelScope Use(Kernel kernel)
    {
        var before = _current;
        _current = kernel;
        return new(before);
    }

    internal static void Restore(Kernel before) => _current = before;
}

/// <summary>A thread's choice of kernel, from <see cref="KernelChoice.Use"/> to its disposal. A ref struct: it ends on the thread that it began on.</summary>
public readonly ref struct KernelScope
{
    private readonly Kernel _before;

    internal KernelScope(Kernel before) => _before = before;

    /// <summary>Goes back to the choice before.</summary>
    public void Dispose() => KernelChoice.Restore(_before);
}
