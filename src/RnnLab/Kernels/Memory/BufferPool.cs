using System.Numerics;

namespace RnnLab.Kernels.Memory;

/// <summary>
/// Buffers that have been used and wait to be used again. Sizes are rounded up, by an eighth at most, so that similar requests share
/// buffers; and what waits is never more than what was once in use at the same time: beyond that the oldest are freed.
/// </summary>
internal sealed class BufferPool
{
    private readonly Lock _lock = new();
    private readonly List<NativeBlock> _free = [];
    private long _freeBytes, _usedBytes, _mostUsedBytes;

    /// <summary>The pool of tapes and workspaces.</summary>
    public static BufferPool Shared { get; } = new();

    /// <summary>A buffer of at least so many bytes, with whatever was left in it.</summary>
    /// <exception cref="UserException">The machine has not that much memory left.</exception>
    public NativeBuffer Rent(long bytes)
    {
        var size = Rounded(bytes);
        lock (_lock)
        {
            _usedBytes += size;
            _mostUsedBytes = Math.Max(_mostUsedBytes, _usedBytes);
            var k = _free.FindLastIndex(block => block.Bytes == size);
            if (k >= 0)
                return new NativeBuffer(this, Take(k));
        }
        try
        {
            AvailableMemory.Require(size);
            return new NativeBuffer(this, new NativeBlock(size));
        }
        catch
        {
            lock (_lock)
                _usedBytes -= size;
            throw;
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
            while (_freeBytes > _mostUsedBytes)
                Take(0).Dispose();
        }
    }

    /// <summary>Up to the next number of four significant bits, and whole cache lines.</summary>
    private static long Rounded(long bytes)
    {
        var step = Math.Max(64, 1L << Math.Max(0, BitOperations.Log2((ulong)Math.Max(1, bytes)) - 3));
        return (bytes + step - 1) / step * step;
    }

    private NativeBlock Take(int k)
    {
        var block = _free[k];
        _free.RemoveAt(k);
        _freeBytes -= block.Bytes;
        return block;
    }
}
