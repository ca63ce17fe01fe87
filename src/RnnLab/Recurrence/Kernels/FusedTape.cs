using RnnLab.Cells;
using RnnLab.Kernels.Memory;

namespace RnnLab.Recurrence.Kernels;

/// <summary>What a fused forward pass leaves for its backward.</summary>
internal abstract class FusedTape : IDisposable
{
    /// <summary>T.</summary>
    public abstract int Length { get; }

    /// <summary>B.</summary>
    public abstract int Batch { get; }

    /// <summary>The passes that it belongs to.</summary>
    public abstract FusedPasses Passes { get; }

    /// <summary>The state after <paramref name="t"/> steps, as tensors of the caller's own.</summary>
    public abstract CellState State(int t);

    public abstract void Dispose();
}

/// <summary>A tape of numbers of one type.</summary>
internal sealed unsafe class FusedTape<T>(FusedPasses passes, Tensor x, Sizes size, RowLayout layout, SequenceMemory<T> memory) : FusedTape
    where T : unmanaged
{
    public override int Length => size.T;

    public override int Batch => size.B;

    public override FusedPasses Passes => passes;

    public Sizes Size => size;

    public RowLayout Layout => layout;

    public SequenceMemory<T> Memory => memory;

    /// <summary>The inputs, by a handle of the tape's own.</summary>
    public Tensor X { get; } = x.alias().DetachFromDisposeScope();

    public override CellState State(int t) => new(Copy(memory.H(t)), memory.C(t) is var c && c is null ? null : Copy(c));

    public override void Dispose()
    {
        memory.Dispose();
        X.Dispose();
    }

    private Tensor Copy(T* from)
    {
        var copy = empty([size.B, size.H], X.dtype);
        StateRows.Narrow(from, layout.Padded, TensorMemory.Pointer<T>(copy), size.H, 0, size.B);
        return copy.DetachFromDisposeScope();
    }

}
