namespace RnnLab.Kernels.Memory;

/// <summary>A block on loan from a pool, which has it back when this is disposed, and hears of it when this is forgotten.</summary>
internal sealed unsafe class NativeBuffer(BufferPool pool, NativeBlock block) : IDisposable
{
    private NativeBlock? _block = block;

    ~NativeBuffer()
    {
        if (Interlocked.Exchange(ref _block, null) is { } own)
            pool.GiveUp(own);
    }

    /// <summary>Where it starts.</summary>
    public void* Start { get; } = block.Start;

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _block, null) is { } own)
            pool.Return(own);
        GC.SuppressFinalize(this);
    }
}
