using RnnLab.Cells;
using RnnLab.Kernels.Memory;
using RnnLab.Recurrence.Passes;

namespace RnnLab.Recurrence.Kernels;

/// <summary>What a fused forward pass recorded of some steps, numbers of one type.</summary>
internal sealed unsafe class FusedSegment<T>(int from, int to, Sizes size, RowLayout layout, SequenceMemory<T> memory, ScalarType dtype) : TapeSegment(from)
    where T : unmanaged
{
    public override int To => to;

    public override long Bytes => memory.Bytes;

    public SequenceMemory<T> Memory => memory;

    public override CellState StateBefore(int t) => new(Copy(memory.H(t), size.O, layout.PaddedOutput), memory.C(t) is var c && c is null ? null : Copy(c, size.H, layout.Padded));

    public override void Dispose() => memory.Dispose();

    private Tensor Copy(T* from, int width, int padded)
    {
        var copy = empty([size.B, width], dtype);
        StateRows.Narrow(from, padded, TensorMemory.Pointer<T>(copy), width, 0, size.B);
        return copy.DetachFromDisposeScope();
    }
}
