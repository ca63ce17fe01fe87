namespace RnnLab.Kernels.Memory;

/// <summary>A block on loan from a pool, which has it back when this is disposed.</summary>
internal sealed unsafe class NativeBuffer(BufferPool pool, NativeBlock block) : IDisposable
{
    private NativeBlock? _block = block;

    /// <summary>Where it starts.</summary>
    public void* Start { get; } = block.Start;

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _block, null) is { } own)
            pool.Return(own);
    }
}
