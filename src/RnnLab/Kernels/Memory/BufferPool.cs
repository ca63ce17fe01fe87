using System.Numerics;

namespace RnnLab.Kernels.Memory;

/// <summary>
/// Buffers that have been used and wait to be used again. Sizes are rounded up, by an eighth at most, so that similar requests share
/// buffers; and what waits is never more than one and a half times what was once in use at the same time (a forward pass and its backward do not share all
/// sizes): beyond that the oldest are freed.
/// </summary>
internal sealed class BufferPool
{
    private readonly Lock _lock = new();
    private readonly List<NativeBlock> _free = [];
    private long _freeBytes, _usedBytes, _mostUsedBytes, _blocksMade;

    /// <summary>The pool of tapes and workspaces.</summary>
    public static BufferPool Shared { get; } = new();

    /// <summary>Bytes that wait to be used again.</summary>
    public long FreeBytes
    {
        get
        {
            lock (_lock)
                return _freeBytes;
        }
    }

    /// <summary>Blocks that were taken from the system so far.</summary>
    public long BlocksMade
    {
        get
        {
            lock (_lock)
                return _blocksMade;
        }
    }

    /// <summary>A buffer of at least so many bytes, with whatever was left in it.</summary>
    /// <exception cref="UserException">The machine has not that much memory left.</exception>
    public NativeBuffer Rent(long bytes)
    {
        var size = Rounded(bytes);
        lock (_lock)
        {
            var k = _free.FindLastIndex(block => block.Bytes == size);
            if (k >= 0)
                return Lend(Take(k));
        }
        // What waits is given up before a request is refused.
        if (AvailableMemory.IsShort(size))
            FreeAll();
        AvailableMemory.Require(size);
        var made = new NativeBlock(size);
        lock (_lock)
        {
            _blocksMade++;
            return Lend(made);
        }
    }

    /// <summary>Takes a block back.</summary>
    public void Return(NativeBlock block)
    {
        lock (_lock)
        {
            _usedBytes -= block.Bytes;
            _freeBytes += block.Bytes;
            _free.Add(block);
            while (_freeBytes > _mostUsedBytes + _mostUsedBytes / 2)
                Take(0).Dispose();
        }
    }

    /// <summary>Frees a block whose borrower forgot it: a call that failed half way.</summary>
    public void GiveUp(NativeBlock block)
    {
        lock (_lock)
            _usedBytes -= block.Bytes;
        block.Dispose();
    }

    private void FreeAll()
    {
        lock (_lock)
            while (_free.Count > 0)
                Take(0).Dispose();
    }

    /// <summary>Up to the next number of four significant bits, and whole cache lines.</summary>
    private static long Rounded(long bytes)
    {
        var step = Math.Max(64, 1L << Math.Max(0, BitOperations.Log2((ulong)Math.Max(1, bytes)) - 3));
        return (bytes + step - 1) / step * step;
    }

    private NativeBuffer Lend(NativeBlock block)
    {
        _usedBytes += block.Bytes;
        _mostUsedBytes = Math.Max(_mostUsedBytes, _usedBytes);
        return new NativeBuffer(this, block);
    }

    private NativeBlock Take(int k)
    {
        var block = _free[k];
        _free.RemoveAt(k);
        _freeBytes -= block.Bytes;
        return block;
    }
}
